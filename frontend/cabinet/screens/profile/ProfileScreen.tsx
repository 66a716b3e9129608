/** The member's own page: data, cards, devices, consents, language and look, password, signing out. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { dayOf } from '../../../shared/words/numbers.ts'
import { attempt } from '../../../shared/data/attempt.ts'
import { signedOut, useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Shown } from '../../frame/states.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { ProfileDocument, SignOutDocument, type ProfileQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { masked } from '../card/TierCard.tsx'
import { FamilyLine } from '../family/FamilyLine.tsx'
import { ErasePanel } from '../leaving/ErasePanel.tsx'
import { ChannelPanel } from './ChannelPanel.tsx'
import { ConsentPanel } from './ConsentPanel.tsx'
import { DataPanel } from './DataPanel.tsx'
import { DevicePanel } from './DevicePanel.tsx'
import { LookPanel } from './LookPanel.tsx'
import { PasswordPanel } from './PasswordPanel.tsx'
import css from './ProfileScreen.module.css'

export type Me = NonNullable<ProfileQuery['me']>

const NOTHING = {}

export function ProfileScreen() {
  const answer = useAnswer(ProfileDocument, NOTHING)
  const [leaving, setLeaving] = useState(false)
  return (
    <Frame title={words.profile.title} broad>
      <div class={css['panels']}>
        <Shown answer={answer} skeleton={<div class={css['panels']}><Skeleton height={240} /><Skeleton height={160} /><Skeleton height={220} /></div>}>
          {({ me, programme }) => me && (
            <div class={css['panels']}>
              <DataPanel me={me} programme={programme} />
              <CardsPanel me={me} />
              {programme.family && <FamilyLine family={me.family} seats={programme.family.seats} unit={programme.points?.unit} />}
              <DevicePanel devices={me.devices} />
              <ConsentPanel consents={me.consents} documents={programme.documents} />
              <ChannelPanel />
              <PasswordPanel />
            </div>
          )}
        </Shown>
        <LookPanel />
        <Button kind="plain" wide onClick={() => setLeaving(true)}>{words.profile.signOut}</Button>
        <ErasePanel />
      </div>
      {leaving && <SignOutSheet onClose={() => setLeaving(false)} />}
    </Frame>
  )
}

function CardsPanel({ me }: { me: Me }) {
  return (
    <Panel title={words.profile.cards}>
      <ul>
        {me.cards.map(card => (
          <li key={card.number} class={css['item']}>
            <p><strong class="sum">{card.number.length > 8 ? masked(card.number) : card.number}</strong> · {words.profile.kinds[card.kind]}</p>
            <p class={css['sub']}>{words.profile.statuses[card.status]}, {words.profile.issued(dayOf(card.issuedAt, true))}</p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function SignOutSheet({ onClose }: { onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const leave = async (): Promise<void> => {
    setBusy(true)
    const answer = await attempt(SignOutDocument, {})
    setBusy(false)
    // A session that is already over needs no signing out.
    if ('done' in answer || answer.problem.code === 'UNAUTHENTICATED') return signedOut()
    toast.set(answer.problem.message)
    onClose()
  }
  return (
    <Sheet title={words.profile.signOutTitle} onClose={onClose}>
      <p class={css['note']}>{words.profile.signOutNote}</p>
      <div class={css['actions']}>
        <Button kind="danger" wide busy={busy} onClick={() => void leave()}>{words.profile.signOut}</Button>
        <Button kind="quiet" wide onClick={onClose}>{words.profile.stay}</Button>
      </div>
    </Sheet>
  )
}
