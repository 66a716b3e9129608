/** A sale from the guest's plate to the press that records it. */
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import type { TillFactsFragment } from '../graph/documents.ts'
import { PlusIcon } from '../parts/icons.tsx'
import { late } from '../parts/late.tsx'
import { OfflinePlate } from '../offline/OfflinePlate.tsx'
import { ScanPanel } from '../scanner/ScanPanel.tsx'
import { say } from '../words/say.ts'
import { LINES_MAX } from './basket.ts'
import { ChannelChoice } from './ChannelChoice.tsx'
import type { Desk } from './desk.ts'
import { GuestPlate } from './GuestPlate.tsx'
import { LineForm } from './LineForm.tsx'
import { PaymentChoice } from './PaymentChoice.tsx'
import { PriceBox } from './PriceBox.tsx'
import { SALE_FORM } from './SaleFoot.tsx'
import type { Programme, Sale, State } from './state.ts'

const EarlierReceipt = late(() => import('./EarlierReceipt.tsx').then(part => part.EarlierReceipt))
const PromoBox = late(() => import('./PromoBox.tsx').then(part => part.PromoBox))
const PointsBox = late(() => import('./PointsBox.tsx').then(part => part.PointsBox))

interface SaleProps {
  desk: Desk
  state: State
  sale: Sale
  till: TillFactsFragment
  programme: Programme
  now: () => number
}

/** Puts the focus where the cashier goes on: the refused field, else the sum once its service is clear. */
function focusField(root: HTMLElement | null, field: string, options?: FocusOptions): void {
  const names = `[name="${CSS.escape(field)}"], [data-field="${CSS.escape(field)}"]`
  root?.querySelector<HTMLElement>(names)?.focus(options)
}

export function SaleScreen({ desk, state, sale, till, programme, now }: SaleProps) {
  const root = useRef<HTMLDivElement>(null)
  const busy = sale.sending.phase !== 'idle'
  const first = sale.lines[0]
  const quote = sale.quoting.phase === 'ready' ? sale.quoting.quote : sale.quoting.phase === 'asking' ? sale.quoting.last : null
  useEffect(() => {
    // The plate stays in view: who the guest is comes before what they pay.
    if (first?.service && first.sum === '') focusField(root.current, `sum:${first.id}`, { preventScroll: true })
    else root.current?.querySelector<HTMLElement>('h1')?.focus()
  }, [sale.id])
  const refused = sale.notice?.field
  useEffect(() => {
    if (refused !== undefined) focusField(root.current, refused)
  }, [sale.notice])
  const top = sale.earlier !== null || (sale.guest === null && !sale.offline)
  useEffect(() => {
    if (top) root.current?.scrollIntoView()
  }, [top])
  const fault = (field: string): string | undefined =>
    sale.notice !== null && refused === field ? (sale.notice.said ?? say(sale.notice.word, sale.notice.facts)) : undefined
  const record = (event: Event): void => {
    event.preventDefault()
    desk.send({ kind: 'postAsked', key: crypto.randomUUID(), at: now() })
  }
  return (
    <div class="stack" ref={root}>
      <h1 class="unseen" tabIndex={-1}>
        {say('sale.title')}
      </h1>
      <Guest desk={desk} state={state} sale={sale} programme={programme} busy={busy} />
      {sale.earlier && <EarlierReceipt earlier={sale.earlier} onChange={() => focusField(root.current, 'receipt')} />}
      <form class="stack" id={SALE_FORM} onSubmit={record} noValidate aria-label={say('sale.title')}>
        <Panel>
          <Basket desk={desk} sale={sale} till={till} busy={busy} fault={fault} onPicked={line => focusField(root.current, `sum:${line}`)} />
        </Panel>
        {programme.promoCodes && !sale.offline && (
          <Panel>
            <PromoBox desk={desk} code={sale.promo} error={fault('promo')} disabled={busy} />
          </Panel>
        )}
        <Panel>
          <PriceBox quoting={sale.quoting} counts={programme.tiers.length > 1} offline={sale.offline} />
        </Panel>
        {quote?.points && programme.points && (
          <Panel>
            <PointsBox desk={desk} quote={quote} unit={programme.points.unit} earnsOnly={sale.guest?.facts.identifiedBy === 'PHONE'} disabled={busy} />
          </Panel>
        )}
        <Panel>
          <PaymentChoice
            payment={sale.payment}
            quote={sale.quoting.phase === 'ready' ? sale.quoting.quote : null}
            disabled={busy}
            fault={fault('tenders')}
            onChoose={payment => desk.send({ kind: 'paymentChosen', payment })}
          />
        </Panel>
      </form>
      {!busy && (
        <Button kind="plain" wide onClick={() => desk.send({ kind: 'nextGuest' })}>
          {say('sale.drop')}
        </Button>
      )}
    </div>
  )
}

interface GuestProps {
  desk: Desk
  state: State
  sale: Sale
  programme: Programme
  busy: boolean
}

function Guest({ desk, state, sale, programme, busy }: GuestProps) {
  const other = (): void => desk.send({ kind: 'guestCleared' })
  if (state.scan.phase === 'idle' && sale.offline) return <OfflinePlate onOther={other} />
  if (state.scan.phase !== 'idle' || sale.guest === null) return <ScanPanel desk={desk} scan={state.scan} title={say('guest.scanAgain')} />
  return <GuestPlate guest={sale.guest} sale={sale} programme={programme} {...(!busy && { onOther: other })} />
}

interface BasketProps {
  desk: Desk
  sale: Sale
  till: TillFactsFragment
  busy: boolean
  fault: (field: string) => string | undefined
  onPicked: (line: string) => void
}

function Basket({ desk, sale, till, busy, fault, onPicked }: BasketProps) {
  return (
    <div class="stack wide-gap">
      <ChannelChoice desk={desk} sale={sale} till={till} busy={busy} />
      {sale.lines.map((line, place) => (
        <LineForm
          key={line.id}
          desk={desk}
          sale={sale}
          till={till}
          line={line}
          place={place}
          disabled={busy}
          fault={fault}
          onPicked={() => onPicked(line.id)}
        />
      ))}
      {sale.lines.length < LINES_MAX && (
        <Button kind="plain" icon={<PlusIcon />} disabled={busy} onClick={() => desk.send({ kind: 'lineAdded', id: crypto.randomUUID() })}>
          {say('sale.addLine')}
        </Button>
      )}
      <Field
        label={say('sale.receipt')}
        name="receipt"
        value={sale.receipt}
        autoComplete="off"
        large
        maxLength={64}
        disabled={busy}
        error={fault('receipt')}
        onInput={receipt => desk.send({ kind: 'receiptTyped', receipt })}
      />
    </div>
  )
}
