/** What is wanted by which channel. Adverts need a consent besides, and letters about the card always come. */
import { useState } from 'react'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers } from '../../data/session.ts'
import { SetMessagePreferencesDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'

type Channel = Me['messagePreferences']['channels'][number]
type Wish = 'service' | 'marketing'

export function ChannelPanel({ preferences }: { preferences: Me['messagePreferences'] }) {
  const text = words.profile
  const adverts = preferences.marketing?.given ?? false
  return (
    <Panel title={text.channels}>
      <p class={css['note']}>{adverts ? text.channelsNote : text.channelsNoAdverts}</p>
      <ul>{preferences.channels.filter(one => one.available).map(one => <ChannelRow key={one.channel} channel={one} adverts={adverts} />)}</ul>
    </Panel>
  )
}

function ChannelRow({ channel, adverts }: { channel: Channel; adverts: boolean }) {
  const text = words.profile
  const name = text.channelNames[channel.channel]
  return (
    <li class={css['item']}>
      <p><strong>{name}</strong></p>
      {!channel.verified && <p class={css['sub']}>{text.channelUnproved}</p>}
      <div class={css['wishes']}>
        <Wanted channel={channel} wish="service" label={text.service} name={name} fixed={channel.channel === 'EMAIL' || !channel.verified} />
        <Wanted channel={channel} wish="marketing" label={text.marketing} name={name} fixed={!adverts || !channel.verified} />
      </div>
    </li>
  )
}

function Wanted({ channel, wish, label, name, fixed }: { channel: Channel; wish: Wish; label: string; name: string; fixed: boolean }) {
  const [busy, setBusy] = useState(false)
  const change = async (wanted: boolean): Promise<void> => {
    setBusy(true)
    const answer = await attempt(SetMessagePreferencesDocument, { channels: [{ channel: channel.channel, [wish]: wanted }] })
    if ('problem' in answer) toast.set(answer.problem.message)
    await answers.stir()
    setBusy(false)
  }
  return (
    <label class={css['wish']}>
      <input type="checkbox" aria-label={`${name}: ${label}`} checked={channel[wish] && (wish === 'service' || !fixed)} disabled={fixed || busy} onChange={event => void change(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}
