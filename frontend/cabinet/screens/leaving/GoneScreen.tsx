/** What somebody sees who has just been erased: that it is done, and the act of it to keep. */
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Door } from '../../frame/Frame.tsx'
import css from './leaving.module.css'
import { leavingWords } from './words.ts'

/** Handed over in the history of the tab. */
export interface Gone {
  act: string
  at: string
}

export function GoneScreen() {
  const text = leavingWords()
  const act = (history.state as Partial<Gone> | null)?.act
  return (
    <Door title={text.goneTitle} note={text.goneNote}>
      {act && (
        <div class={css['stack']}>
          <h2 class={css['head']}>{text.act}</h2>
          <p class={css['note']}>{text.actNote}</p>
          <pre class={css['act']} tabIndex={0} role="group" aria-label={text.act}>{act}</pre>
          <Button wide onClick={() => save(act, text.file)}>{text.save}</Button>
        </div>
      )}
      <ButtonLink href="/" kind="quiet" wide>{text.toStart}</ButtonLink>
    </Door>
  )
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}
