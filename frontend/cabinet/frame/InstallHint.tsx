/** Offers the home screen once the code has been used, never before, and not again for sixty days after «Не сейчас». */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { Value, useValue } from '../../shared/data/value.ts'
import { words } from '../words/words.ts'
import css from './InstallHint.module.css'

const REST_MS = 60 * 86_400_000

interface InstallEvent extends Event {
  prompt: () => Promise<void>
}

const offered = new Value<InstallEvent | null>(null)

addEventListener('beforeinstallprompt', event => {
  event.preventDefault()
  offered.set(event as InstallEvent)
})

function resting(): boolean {
  return Date.now() - Number(localStorage.getItem('kunak.install.later') ?? 0) < REST_MS
}

/** Safari on iPhone never offers by itself; there the steps are told in words. */
function isIos(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent)
}

export function InstallHint() {
  const event = useValue(offered)
  const [hidden, setHidden] = useState(true)
  useEffect(() => setHidden(!localStorage.getItem('kunak.shown') || resting() || matchMedia('(display-mode: standalone)').matches), [])
  if (hidden || (!event && !isIos())) return null
  const later = (): void => {
    localStorage.setItem('kunak.install.later', String(Date.now()))
    setHidden(true)
  }
  return (
    <Panel title={words.install.title}>
      <p class={css['text']}>{words.install.text} {!event && words.install.ios}</p>
      <div class={css['actions']}>
        {event && <Button kind="quiet" onClick={() => void event.prompt().finally(() => setHidden(true))}>{words.install.action}</Button>}
        <Button kind="plain" onClick={later}>{words.install.later}</Button>
      </div>
    </Panel>
  )
}
