/** An invitation accepted: a password, the authenticator app, the recovery codes, and in. */
import { useState } from 'preact/hooks'
import { Link, useLocation, useSearchParams } from 'wouter'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { useAnswer } from '../../data/query.ts'
import { answers, entered, type Viewer } from '../../data/session.ts'
import { clock } from '../../data/clock.ts'
import { Door } from '../../frame/Door.tsx'
import { StaffInvitationDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { AppStep, type Enrolment } from './AppStep.tsx'
import { PasswordStep } from './PasswordStep.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

const STEPS = 3

type Step = { kind: 'password' } | { kind: 'app'; enrolment: Enrolment } | { kind: 'codes'; viewer: Viewer; codes: string[] }

export function JoinScreen() {
  const [query] = useSearchParams()
  const token = query.get('token') ?? ''
  const { data, failure } = useAnswer(StaffInvitationDocument, { token })
  const [step, setStep] = useState<Step>({ kind: 'password' })
  const [, go] = useLocation()

  if (step.kind === 'app') {
    return (
      <Door title={words.joining.appTitle} note={words.joining.appNote} step={words.joining.step(2, STEPS)} wide>
        <AppStep enrolment={step.enrolment} onDone={(viewer, codes) => setStep({ kind: 'codes', viewer, codes })} />
      </Door>
    )
  }
  if (step.kind === 'codes') {
    const start = (): void => {
      void answers.forget().then(() => {
        clock.tell('in')
        entered(step.viewer)
        go('/', { replace: true })
      })
    }
    return (
      <Door title={words.joining.codesTitle} note={words.joining.codesNote} step={words.joining.step(3, STEPS)} wide>
        <RecoveryCodes codes={step.codes} email={step.viewer.email} action={words.joining.start} onDone={start} />
      </Door>
    )
  }
  const invitation = data?.staffInvitation
  if (data === undefined && failure) return <Door title={words.joining.failed}><Notice kind="danger" role="alert">{words.state.failedNote}</Notice></Door>
  if (data === undefined) return <Door title={words.joining.checking}><div aria-busy="true"><Skeleton height={180} /></div></Door>
  if (!invitation) return <Door title={words.joining.invalid} note={words.joining.invalidNote}><Link href="/sign-in">{words.joining.toSignIn}</Link></Door>
  return (
    <Door title={words.joining.title(invitation.name)} note={words.joining.note(invitation.email)} step={words.joining.step(1, STEPS)}>
      <PasswordStep token={token} invitation={invitation} onDone={enrolment => setStep({ kind: 'app', enrolment })} />
    </Door>
  )
}
