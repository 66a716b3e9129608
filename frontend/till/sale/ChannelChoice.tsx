/** By which channel the sale came: folded to one line, for most tills sell one way all day and the last choice is remembered. */
import { useState } from 'preact/hooks'
import { ChevronIcon } from '../../shared/parts/icons.tsx'
import type { TillFactsFragment } from '../graph/documents.ts'
import { Choice } from '../parts/Choice.tsx'
import { say } from '../words/say.ts'
import { openChannels } from './basket.ts'
import css from './ServiceChoice.module.css'
import type { Desk } from './desk.ts'
import type { Sale } from './state.ts'

export function ChannelChoice({ desk, sale, till, busy }: { desk: Desk; sale: Sale; till: TillFactsFragment; busy: boolean }) {
  const [open, setOpen] = useState(false)
  const channels = openChannels(till)
  if (channels.length < 2) return null
  if (!open) {
    return (
      <button type="button" class={css['folded']} aria-expanded={false} disabled={busy} onClick={() => setOpen(true)}>
        <span class={css['face']}>{say('sale.channelIs', { channel: say(`channel.${sale.channel}`).toLowerCase() })}</span>
        <ChevronIcon />
      </button>
    )
  }
  const options = channels.map(value => ({ value, text: say(`channel.${value}`) }))
  return (
    <Choice
      legend={say('sale.channel')}
      name="channel"
      value={sale.channel}
      disabled={busy}
      options={options}
      onChoose={channel => desk.send({ kind: 'channelChosen', channel })}
    />
  )
}
