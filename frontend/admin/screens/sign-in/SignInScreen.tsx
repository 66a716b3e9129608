/** The way in; afterwards the reader stands where they wanted to go. */
import { useEffect } from 'preact/hooks'
import { useLocation } from 'wouter'
import { useValue } from '../../../shared/data/value.ts'
import { clock } from '../../data/clock.ts'
import { answers, entered, session } from '../../data/session.ts'
import { Door } from '../../frame/Door.tsx'
import { words } from '../../words/words.ts'
import { SignInForm } from './SignInForm.tsx'

export function SignInScreen() {
  const now = useValue(session)
  const [, go] = useLocation()
  const { back = '/' } = (history.state ?? {}) as { back?: string }
  useEffect(() => {
    if (now.state === 'in') go(back, { replace: true })
  }, [now.state])
  return (
    <Door title={words.signIn.title}>
      <SignInForm
        onDone={viewer => {
          void answers.forget().then(() => {
            clock.tell('in')
            entered(viewer)
          })
        }}
      />
    </Door>
  )
}
