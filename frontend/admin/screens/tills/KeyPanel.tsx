/** The key of a new till, shown this once: for a scanner, for the clipboard, to be read aloud. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Qr } from '../../parts/Qr.tsx'
import { words } from '../../words/words.ts'
import css from './tills.module.css'

export function KeyPanel({ tillKey, onDone }: { tillKey: string; onDone: () => void }) {
  const [saved, setSaved] = useState(false)
  // The key cannot be shown again: leaving without it has to be meant.
  useEffect(() => {
    if (saved) return
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [saved])
  return (
    <Panel>
      <div class={css['key']}>
        <p>{words.tills.keyNote}</p>
        <Qr text={tillKey} label={words.tills.keyQr} />
        <div class={css['secret']} role="group" aria-label={words.tills.key}><code>{tillKey}</code><CopyButton text={tillKey} /></div>
        <Check name="saved" checked={saved} onChange={setSaved}>{words.tills.saved}</Check>
        <Button disabled={!saved} onClick={onDone}>{words.tills.done}</Button>
      </div>
    </Panel>
  )
}
