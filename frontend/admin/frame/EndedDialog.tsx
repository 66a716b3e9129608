/** The session is over: sign-in stands over the page, which keeps everything that was typed. */
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { useValue } from '../../shared/data/value.ts'
import { clock } from '../data/clock.ts'
import { answers, entered, left, session, type Viewer } from '../data/session.ts'
import { SignInForm } from '../screens/sign-in/SignInForm.tsx'
import { words } from '../words/words.ts'
import css from './EndedDialog.module.css'

export function EndedDialog() {
  const now = useValue(session)
  return now.state === 'ended' ? <Over viewer={now.viewer} /> : null
}

function Over({ viewer }: { viewer: Viewer }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  const done = async (next: Viewer): Promise<void> => {
    clock.tell('in')
    // Somebody else at the same desk must not find the first one's page.
    if (next.id !== viewer.id) {
      await left()
      location.assign('/admin')
      return
    }
    entered(next)
    await answers.stir()
  }
  return (
    <dialog ref={dialog} class={css['dialog']} aria-labelledby="ended-title" onCancel={event => event.preventDefault()}>
      <h2 class={css['title']} id="ended-title">{words.ending.title}</h2>
      <p class={css['note']}>{words.ending.note}</p>
      <SignInForm email={viewer.email} onDone={next => void done(next)} />
      <div class={css['leave']}><Button kind="plain" onClick={() => void left()}>{words.ending.leave}</Button></div>
    </dialog>
  )
}
