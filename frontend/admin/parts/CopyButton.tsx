/** Puts a text on the clipboard and says so. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { TickIcon } from '../../shared/parts/icons.tsx'
import { words } from '../words/words.ts'
import { CopyIcon } from './icons.tsx'

const SAID_MS = 2_000

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [done, setDone] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setDone(true)
    setTimeout(() => setDone(false), SAID_MS)
  }
  return (
    <>
      <Button kind="quiet" icon={done ? <TickIcon /> : <CopyIcon />} onClick={() => void copy()}>{done ? words.panel.copied : label ?? words.panel.copy}</Button>
      <span class="unseen" role="status">{done && words.panel.copied}</span>
    </>
  )
}
