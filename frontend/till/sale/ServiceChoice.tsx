/** The services of a channel, each with this guest's discount and whether it counts. */
import { useRef, useState } from 'preact/hooks'
import { classes } from '../../shared/parts/classes.ts'
import { ChevronIcon, DashIcon, TickIcon } from '../../shared/parts/icons.tsx'
import type { Channel, TillFactsFragment } from '../graph/documents.ts'
import { Choice } from '../parts/Choice.tsx'
import { say } from '../words/say.ts'
import { ruleFor, servicesBy, type Rule, type Service } from './basket.ts'
import { discountWords } from './GuestPlate.tsx'
import css from './ServiceChoice.module.css'
import type { Guest, Line } from './state.ts'

/** Whether a sale counts towards the tier: by icon, by word and by colour. */
export function Counted({ yes }: { yes: boolean }) {
  return (
    <span class={classes(css['flag'], yes ? css['yes'] : css['no'])}>
      {yes ? <TickIcon /> : <DashIcon />}
      {say(yes ? 'guest.counted' : 'guest.notCounted')}
    </span>
  )
}

function Face({ service, rule }: { service: Service; rule: Rule | null }) {
  return (
    <span class={css['face']}>
      <span class={css['name']}>{service.name}</span>
      {rule !== null && (
        <span class={css['rule']}>
          <span class={css['rate']}>{discountWords(rule)}</span>
          {(rule.earnsPercent === null || Number(rule.discountPercent) > 0) && <Counted yes={rule.accumulates} />}
        </span>
      )}
    </span>
  )
}

interface ServiceChoiceProps {
  line: Line
  till: TillFactsFragment
  channel: Channel
  guest: Guest | null
  /** A finished line shows its service alone, with a way to change it. */
  folded: boolean
  disabled: boolean
  onChoose: (service: string) => void
  /** A finger or mouse has picked: the cashier goes on to the sum. Arrow keys only walk through the list. */
  onPicked: () => void
}

export function ServiceChoice({ line, till, channel, guest, folded, disabled, onChoose, onPicked }: ServiceChoiceProps) {
  const [open, setOpen] = useState(false)
  const [picked, setPicked] = useState(line.service !== null)
  const pointed = useRef(false)
  const services = servicesBy(till, channel)
  const rule = (service: Service): Rule | null => (guest === null ? null : ruleFor(guest.facts, service.id, channel))
  const chosen = services.find(one => one.id === line.service)
  if (chosen !== undefined && services.length === 1) {
    return (
      <div class={css['single']}>
        <Face service={chosen} rule={rule(chosen)} />
      </div>
    )
  }
  if (chosen !== undefined && (folded || picked) && !open) {
    return (
      <button type="button" class={css['folded']} aria-expanded={false} disabled={disabled} onClick={() => setOpen(true)}>
        <Face service={chosen} rule={rule(chosen)} />
        <ChevronIcon />
      </button>
    )
  }
  const options = services.map(service => ({ value: service.id, text: <Face service={service} rule={rule(service)} /> }))
  const choose = (service: string): void => {
    onChoose(service)
    if (!pointed.current) return
    setOpen(false)
    setPicked(true)
    onPicked()
  }
  return (
    <div onPointerDown={() => (pointed.current = true)} onKeyDown={() => (pointed.current = false)}>
      <Choice
        legend={say('sale.service')}
        rows
        name={`service:${line.id}`}
        value={line.service}
        options={options}
        disabled={disabled}
        onChoose={choose}
      />
    </div>
  )
}
