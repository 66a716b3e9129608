/** Deliveries to an address: what was sent, what was answered, and sending it again. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useFilters } from '../../data/filters.ts'
import { usePages } from '../../data/query.ts'
import { answers, send } from '../../data/session.ts'
import { ReplayWebhooksDocument, WebhookDeliveriesDocument, type ReplayWebhooksInput, type WebhookDeliveriesQuery, type WebhookDeliveryState } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { More } from '../../parts/More.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import css from './webhooks.module.css'
import { webhookWords } from './words.ts'

const PAGE_ROWS = 20
const NAMES = ['state'] as const
const STATES: readonly WebhookDeliveryState[] = ['PENDING', 'DELIVERED', 'FAILED']
const TONES = { PENDING: 'plain', DELIVERED: 'success', FAILED: 'danger' } as const
type Delivery = WebhookDeliveriesQuery['webhookDeliveries']['items'][number]

export function Deliveries({ endpoint }: { endpoint: string }) {
  const text = webhookWords()
  const { filters, set } = useFilters(NAMES)
  const state = STATES.find(one => one === filters.state) ?? null
  const pages = usePages(WebhookDeliveriesDocument, { endpoint, first: PAGE_ROWS, state }, data => data.webhookDeliveries)
  const [again, setAgain] = useState<string>()
  const [span, setSpan] = useState(false)
  const replay = async (wanted: Omit<ReplayWebhooksInput, 'endpoint'>): Promise<string | undefined> => {
    const said = await send(ReplayWebhooksDocument, { input: { endpoint, ...wanted } })
    if ('problem' in said) return said.problem.message
    toast.set(text.replayed(said.done.count))
    setAgain(undefined)
    setSpan(false)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <div class={css['head']}>
        <SelectField label={text.state} name="state" value={state ?? ''} onChange={value => set({ state: value })} choices={[{ value: '', name: words.panel.all }, ...STATES.map(value => ({ value, name: text.deliveryStates[value] }))]} />
        <Button kind="quiet" onClick={() => setSpan(true)}>{text.span}</Button>
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={4} height={96} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={text.deliveriesEmpty} note={text.deliveriesNote} /></Panel>
          : <div class={css['stack']}>{items.map(one => <Row key={one.id} delivery={one} onAgain={() => setAgain(one.id)} />)}<More pages={pages} /></div>}
      </Shown>
      {again && <ReasonDialog title={text.againTitle} note={text.againNote} action={text.again} onConfirm={reason => replay({ deliveries: [again], reason })} onClose={() => setAgain(undefined)} />}
      {span && <SpanDialog onReplay={replay} onClose={() => setSpan(false)} />}
    </>
  )
}

function Row({ delivery, onAgain }: { delivery: Delivery; onAgain: () => void }) {
  const text = webhookWords()
  const facts = [
    dayTime(delivery.at, true),
    text.tries(delivery.tries),
    ...(delivery.nextTryAt && delivery.tries > 0 ? [text.nextTry(dayTime(delivery.nextTryAt))] : []),
  ]
  return (
    <Panel title={text.eventNames[delivery.type]} aside={<Badge tone={TONES[delivery.state]}>{text.deliveryStates[delivery.state]}</Badge>}>
      <p class={css['facts']}>{facts.join(' · ')}</p>
      <details class={css['more']}>
        <summary>{text.what}</summary>
        {delivery.attempts.length === 0 ? <p class={css['facts']}>{text.noAttempts}</p> : (
          <ul class={css['attempts']} role="list">
            {delivery.attempts.map(one => (
              <li key={one.at}>
                <span>{dayTime(one.at)}</span>
                <span>{one.fault ? text.faults[one.fault] : text.status(one.status ?? 0)}</span>
                <span>{text.attempt(one.millis)}</span>
                {one.answer && <q>{one.answer}</q>}
              </li>
            ))}
          </ul>
        )}
        <pre class={css['body']} tabIndex={0}>{`webhook-id: ${delivery.event}\n\n${pretty(delivery.body)}`}</pre>
      </details>
      <div class={css['actions']}><Button kind="quiet" label={`${text.again}: ${text.eventNames[delivery.type]}, ${dayTime(delivery.at)}`} onClick={onAgain}>{text.again}</Button></div>
    </Panel>
  )
}

interface SpanDialogProps {
  onReplay: (wanted: Omit<ReplayWebhooksInput, 'endpoint'>) => Promise<string | undefined>
  onClose: () => void
}

function SpanDialog({ onReplay, onClose }: SpanDialogProps) {
  const text = webhookWords()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const confirm = async (reason: string): Promise<string | undefined> => {
    if (from === '' || to === '' || from > to) return text.daysWrong
    const [year = 0, month = 1, day = 1] = to.split('-').map(Number)
    return onReplay({ since: new Date(`${from}T00:00`).toISOString(), until: new Date(year, month - 1, day + 1).toISOString(), reason })
  }
  return (
    <ReasonDialog title={text.spanTitle} note={text.spanNote} action={text.span} onConfirm={confirm} onClose={onClose}>
      <div class={css['days']}>
        <DateField label={text.from} name="from" value={from} onChange={setFrom} />
        <DateField label={text.to} name="to" value={to} onChange={setTo} />
      </div>
    </ReasonDialog>
  )
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body) as unknown, null, 2)
}
