/** Inviting by a link: sent, copied or shown as a code; and the links that are still open. */
import { useMemo, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { InviteToFamilyDocument, RevokeFamilyInviteDocument } from '../../graph/documents.ts'
import css from './Family.module.css'
import type { Family, Rules } from './FamilyScreen.tsx'
import { drawLink, linkOf } from './link.ts'
import { useOrder } from './order.ts'
import { familyWords } from './words.ts'

type Invite = Family['invites'][number]

export function InvitesPanel({ family, rules, programme }: { family: Family; rules: Rules; programme: string }) {
  const text = familyWords()
  const [asking, setAsking] = useState(false)
  const [shown, setShown] = useState<Invite>()
  const full = family.seats.length >= rules.seats
  return (
    <Panel title={text.invite}>
      <div class={css['stack']}>
        <p class={css['note']}>{full ? text.full : text.inviteNote}</p>
        <Button wide disabled={full} onClick={() => setAsking(true)}>{text.create}</Button>
      </div>
      {family.invites.length > 0 && (
        <div class={css['actions']}>
          <h3 class={css['who']}>{text.invites}</h3>
          <ul>{family.invites.map(invite => <InviteRow key={invite.id} invite={invite} onShow={() => setShown(invite)} />)}</ul>
        </div>
      )}
      {asking && <AskingSheet rules={rules} onMade={invite => { setAsking(false); setShown(invite) }} onClose={() => setAsking(false)} />}
      {shown?.token && <LinkSheet token={shown.token} expiresAt={shown.expiresAt} programme={programme} onClose={() => setShown(undefined)} />}
    </Panel>
  )
}

function InviteRow({ invite, onShow }: { invite: Invite; onShow: () => void }) {
  const text = familyWords()
  const order = useOrder(RevokeFamilyInviteDocument)
  const revoke = async (): Promise<void> => {
    if ('done' in (await order.send({ invite: invite.id }))) toast.set(text.revoked)
  }
  const about = text.invited[invite.role](dayTime(invite.expiresAt))
  return (
    <li class={css['row']}>
      <span class={css['sub']}>{about}</span>
      {invite.token === null && <span class={css['sub']}>{text.lost}</span>}
      {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
      <span class={css['links']}>
        {invite.token !== null && <button type="button" aria-label={`${text.showAgain}: ${about}`} onClick={onShow}>{text.showAgain}</button>}
        <button type="button" disabled={order.busy} aria-label={`${text.revoke}: ${about}`} onClick={() => void revoke()}>{text.revoke}</button>
      </span>
    </li>
  )
}

function AskingSheet({ rules, onMade, onClose }: { rules: Rules; onMade: (invite: Invite) => void; onClose: () => void }) {
  const text = familyWords()
  const order = useOrder(InviteToFamilyDocument)
  const [role, setRole] = useState<'ADULT' | 'CHILD'>('ADULT')
  const make = async (): Promise<void> => {
    const made = await order.send({ role })
    if ('done' in made) onMade(made.done.invite)
  }
  return (
    <Sheet title={text.invite} onClose={onClose}>
      <div class={css['stack']}>
        {rules.pool && <Choices name="role" legend={text.inviteAs} value={role} options={[['ADULT', text.asAdult], ['CHILD', text.asChild]]} onChange={setRole} />}
        <p class={css['note']}>{text.inviteNote}</p>
        {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
        <Button wide busy={order.busy} onClick={() => void make()}>{text.create}</Button>
      </div>
    </Sheet>
  )
}

interface LinkSheetProps {
  token: string
  expiresAt: string
  programme: string
  onClose: () => void
}

function LinkSheet({ token, expiresAt, programme, onClose }: LinkSheetProps) {
  const text = familyWords()
  const link = linkOf(token)
  const { size, path } = useMemo(() => drawLink(link), [link])
  const [failed, setFailed] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link)
      toast.set(text.copied)
    } catch {
      setFailed(true)
    }
  }
  const share = async (): Promise<void> => {
    // Closing the system's sheet is no failure: the link is still here.
    await navigator.share({ title: text.shareText(programme), url: link }).catch(() => undefined)
  }
  return (
    <Sheet title={text.ready} onClose={onClose}>
      <div class={css['stack']}>
        <p class={css['note']}>{text.scan}</p>
        <svg class={css['code']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={text.qr} shape-rendering="crispEdges"><path d={path} fill="#14202a" /></svg>
        {'share' in navigator && <Button wide onClick={() => void share()}>{text.share}</Button>}
        <Button kind={'share' in navigator ? 'quiet' : 'filled'} wide onClick={() => void copy()}>{text.copy}</Button>
        {failed && <Notice kind="warning" role="alert">{text.copyFailed}</Notice>}
        <p class={css['link']}>{link}</p>
        <p class={css['note']}>{text.until(dayTime(expiresAt))}. {text.inviteNote}</p>
      </div>
    </Sheet>
  )
}
