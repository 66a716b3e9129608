/** What may come by which channel. A tick is kept at once; letters about the card cannot be switched off. */
import { useState } from 'preact/hooks'
import { attempt } from '../../../shared/data/attempt.ts'
import { Check } from '../../../shared/parts/Check.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers, useAnswer } from '../../data/session.ts'
import { Shown } from '../../frame/states.tsx'
import { ChannelsDocument, SetChannelDocument, type ChannelsFragment } from '../../graph/documents.ts'
import { channelWords } from './channelWords.ts'
import css from './ProfileScreen.module.css'

const NOTHING = {}
type Channel = ChannelsFragment['channels'][number]
type Change = { service?: boolean; marketing?: boolean }

export function ChannelPanel() {
  const answer = useAnswer(ChannelsDocument, NOTHING)
  return (
    <Panel title={channelWords().title}>
      <Shown answer={answer} skeleton={<Skeleton height={160} />}>
        {({ me }) => me && <Channels preferences={me.messagePreferences} />}
      </Shown>
    </Panel>
  )
}

function Channels({ preferences }: { preferences: ChannelsFragment }) {
  const text = channelWords()
  const [busy, setBusy] = useState(false)
  const shown = preferences.channels.filter(one => one.available)
  const change = async (channel: Channel['channel'], wish: Change): Promise<void> => {
    setBusy(true)
    const answer = await attempt(SetChannelDocument, { channel: { channel, ...wish } })
    toast.set('problem' in answer ? answer.problem.message : text.saved)
    // Asked anew either way: a tick that was refused goes back to what is kept.
    await answers.stir()
    setBusy(false)
  }
  return (
    <>
      <ul>{shown.map(one => <li key={one.channel} class={css['item']}><ChannelItem channel={one} busy={busy} onChange={wish => void change(one.channel, wish)} /></li>)}</ul>
      {!preferences.marketing?.given && <p class={css['note']}>{text.noConsent}</p>}
      <p class={css['note']}>{text.note}</p>
    </>
  )
}

function ChannelItem({ channel, busy, onChange }: { channel: Channel; busy: boolean; onChange: (wish: Change) => void }) {
  const text = channelWords()
  const isLetter = channel.channel === 'EMAIL'
  const state = channel.address === null ? text.none : channel.verified ? undefined : text.unproved
  const name = text.channels[channel.channel]
  return (
    <fieldset class={css['channel']}>
      <legend><strong>{name}</strong></legend>
      {!isLetter && state && <p class={css['sub']}>{state}</p>}
      {isLetter
        ? <p class={css['sub']}>{text.letters}</p>
        : <Check name={`${channel.channel}-service`} checked={channel.service} disabled={busy} onChange={service => onChange({ service })}>{text.service}<span class="unseen">({name})</span></Check>}
      <Check name={`${channel.channel}-marketing`} checked={channel.marketing} disabled={busy} onChange={marketing => onChange({ marketing })}>{text.marketing}<span class="unseen">({name})</span></Check>
    </fieldset>
  )
}
