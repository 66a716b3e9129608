/** The addresses at which partners are told of their receipts, and how each of them is. */
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { WebhooksDocument, type WebhookRowFragment } from '../../graph/documents.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { More } from '../../parts/More.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from './webhooks.module.css'
import { webhookWords } from './words.ts'

export const RIGHT = 'pos.manage'
const PAGE = { first: 50 }

export function WebhooksScreen() {
  const [, go] = useLocation()
  const text = webhookWords()
  return (
    <Screen title={text.title} right={RIGHT} narrow aside={<Button onClick={() => go('/webhooks/new')}>{text.add}</Button>}>
      <p class={css['intro']}>{text.note}</p>
      <Endpoints />
    </Screen>
  )
}

function Endpoints() {
  const pages = usePages(WebhooksDocument, PAGE, data => data.webhookEndpoints)
  const text = webhookWords()
  return (
    <Shown answer={pages.answer} skeleton={<Rows count={3} height={140} />}>
      {({ items }) => items.length === 0
        ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
        : (
          <div class={css['stack']}>
            {items.map(one => (
              <Panel key={one.id} title={one.scope.name} aside={<StateBadge endpoint={one} />}>
                <EndpointFacts endpoint={one} />
                <div class={css['actions']}><Link href={`/webhooks/${one.id}`}>{text.open}<span class="unseen"> {one.url}</span> →</Link></div>
              </Panel>
            ))}
            <More pages={pages} />
          </div>
        )}
    </Shown>
  )
}

export function StateBadge({ endpoint }: { endpoint: WebhookRowFragment }) {
  const text = webhookWords()
  const silent = endpoint.state === 'ACTIVE' && endpoint.failingSince !== null
  const tone: Tone = endpoint.state === 'DISABLED' ? 'danger' : silent ? 'warning' : 'success'
  return <Badge tone={tone}>{silent ? text.silent : text.states[endpoint.state]}</Badge>
}

export function EndpointFacts({ endpoint }: { endpoint: WebhookRowFragment }) {
  const text = webhookWords()
  const facts = [
    endpoint.events.map(event => text.eventNames[event]).join(', '),
    ...(endpoint.waiting > 0 ? [text.waiting(endpoint.waiting)] : []),
    endpoint.deliveredAt ? text.last(dayTime(endpoint.deliveredAt)) : text.never,
    ...(endpoint.formerSecretUntil ? [text.former(dayTime(endpoint.formerSecretUntil))] : []),
  ]
  const trouble = endpoint.disabledBy ? text.reasons[endpoint.disabledBy] : endpoint.failingSince ? text.failing(dayTime(endpoint.failingSince)) : undefined
  return (
    <>
      <p class={css['url']}>{endpoint.url}</p>
      <p class={css['facts']}>{facts.join(' · ')}</p>
      {trouble && <div class={css['notice']}><Notice kind={endpoint.disabledBy && endpoint.disabledBy !== 'STAFF' ? 'danger' : 'warning'}>{trouble}</Notice></div>}
    </>
  )
}
