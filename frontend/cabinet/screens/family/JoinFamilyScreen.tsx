/** The page of an invitation's link: who invites to what, and one button. Opening it changes nothing. */
import { useEffect, useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { Failed } from '../../frame/states.tsx'
import { FamilyInvitationDocument, JoinFamilyDocument, type FamilyInvitationQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Family.module.css'
import { useOrder } from './order.ts'
import { familyWords } from './words.ts'

export function JoinFamilyScreen() {
  const [query] = useSearchParams()
  const token = query.get('token') ?? ''
  const answer = useAnswer(FamilyInvitationDocument, { token })
  const text = familyWords().join
  const order = useOrder(JoinFamilyDocument)
  const [joined, setJoined] = useState(false)
  const [, go] = useLocation()
  useEffect(() => {
    if (joined) go('/family', { replace: true })
  }, [joined])
  if (answer.data === undefined) {
    return <Door title={answer.failure ? text.plain : text.busy}>{answer.failure ? <Failed /> : <Skeleton height={180} />}</Door>
  }
  const { familyInvitation: invitation, me } = answer.data
  const join = async (): Promise<void> => {
    if (!('done' in (await order.send({ token })))) return
    toast.set(text.done)
    setJoined(true)
  }
  if (!invitation) return <Refused title={text.unknown} note={text.unknownNote} />
  if (me?.family) {
    return (
      <Door title={text.inAlready} note={invitation.state === 'OPEN' ? text.inAlreadyNote : undefined}>
        <ButtonLink href="/family">{text.toFamily}</ButtonLink>
      </Door>
    )
  }
  if (invitation.state !== 'OPEN') return <Refused title={text[invitation.state]} note={invitation.state === 'FULL' ? text.askRoom : text.askNew} />
  return (
    <Door title={text.title(invitation.invitedBy)}>
      <Terms data={answer.data} />
      {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
      {me
        ? <><Button wide busy={order.busy} onClick={() => void join()}>{text.accept}</Button><ButtonLink kind="quiet" wide href="/card">{text.later}</ButtonLink></>
        : <SignedOut token={token} />}
    </Door>
  )
}

function Refused({ title, note }: { title: string; note: string }) {
  return <Door title={title} note={note}><ButtonLink href="/card">{words.page.toCard}</ButtonLink></Door>
}

function Terms({ data }: { data: FamilyInvitationQuery }) {
  const all = familyWords()
  const text = all.join
  const { programme, familyInvitation: invitation } = data
  if (!invitation || !programme.family) return null
  const pays = programme.family.pool && invitation.role !== 'CHILD'
  return (
    <div class={css['stack']}>
      {programme.family.sharesProgress && <p>{text.whatProgress}</p>}
      <p>{!programme.family.pool ? text.whatNoPool : invitation.role === 'CHILD' ? text.whatChild : text.what}</p>
      {pays && programme.family.spendAfterDays > 0 && <p class={css['note']}>{text.wait(programme.family.spendAfterDays)}</p>}
      {programme.family.pool && <p class={css['note']}>{text.back}</p>}
      <p class={css['note']}>{all.until(dayTime(invitation.expiresAt))}</p>
    </div>
  )
}

function SignedOut({ token }: { token: string }) {
  const text = familyWords().join
  const [, go] = useLocation()
  const back = `/family/join?token=${encodeURIComponent(token)}`
  return (
    <>
      <p class={css['note']}>{text.signInNote}</p>
      <Button wide onClick={() => go('/sign-in', { state: { moved: true, back } })}>{text.signIn}</Button>
      <ButtonLink kind="quiet" wide href="/join">{text.register}</ButtonLink>
    </>
  )
}
