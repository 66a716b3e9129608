/** A sale from the guest's plate to the press that records it. */
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { sum } from '../amounts.ts'
import type { TillFactsFragment } from '../graph/documents.ts'
import { PlusIcon } from '../parts/icons.tsx'
import { Told } from '../parts/Told.tsx'
import { ScanPanel } from '../scanner/ScanPanel.tsx'
import { say } from '../words/say.ts'
import { LINES_MAX } from './basket.ts'
import { ChannelChoice } from './ChannelChoice.tsx'
import type { Desk } from './desk.ts'
import { EarlierReceipt } from './EarlierReceipt.tsx'
import { GuestPlate } from './GuestPlate.tsx'
import { LineForm } from './LineForm.tsx'
import { PaymentChoice } from './PaymentChoice.tsx'
import { PriceBox } from './PriceBox.tsx'
import css from './SaleScreen.module.css'
import { SendingBox } from './SendingBox.tsx'
import type { Programme, Sale, State } from './state.ts'

interface SaleProps {
  desk: Desk
  state: State
  sale: Sale
  till: TillFactsFragment
  programme: Programme
  now: () => number
}

/** Puts the focus where the cashier goes on: the refused field, else the sum once its service is clear. */
function focusField(root: HTMLElement | null, field: string): void {
  const names = `[name="${CSS.escape(field)}"], [data-field="${CSS.escape(field)}"]`
  root?.querySelector<HTMLElement>(names)?.focus()
}

export function SaleScreen({ desk, state, sale, till, programme, now }: SaleProps) {
  const form = useRef<HTMLFormElement>(null)
  const busy = sale.sending.phase !== 'idle'
  const first = sale.lines[0]
  useEffect(() => {
    if (first?.service && first.sum === '') focusField(form.current, `sum:${first.id}`)
    else form.current?.querySelector<HTMLElement>('h1')?.focus()
  }, [sale.id])
  const refused = sale.notice?.field
  useEffect(() => {
    if (refused !== undefined) focusField(form.current, refused)
  }, [sale.notice])
  const fault = (field: string): string | undefined =>
    sale.notice !== null && refused === field ? (sale.notice.said ?? say(sale.notice.word, sale.notice.facts)) : undefined
  const record = (event: Event): void => {
    event.preventDefault()
    desk.send({ kind: 'postAsked', key: crypto.randomUUID(), at: now() })
  }
  return (
    <form class="stack" ref={form} onSubmit={record} noValidate aria-label={say('sale.title')}>
      <h1 class="unseen" tabIndex={-1}>
        {say('sale.title')}
      </h1>
      <Guest desk={desk} state={state} sale={sale} programme={programme} busy={busy} />
      {sale.notice && !sale.notice.word.startsWith('missing.') && sale.earlier === null && (
        <Told notice={sale.notice} action={<NoticeAction desk={desk} sale={sale} />} />
      )}
      {sale.earlier && <EarlierReceipt earlier={sale.earlier} onChange={() => focusField(form.current, 'receipt')} />}
      <Panel>
        <Basket desk={desk} sale={sale} till={till} busy={busy} fault={fault} onPicked={line => focusField(form.current, `sum:${line}`)} />
      </Panel>
      <Panel>
        <PriceBox quoting={sale.quoting} />
      </Panel>
      <Panel>
        <PaymentChoice
          payment={sale.payment}
          quote={sale.quoting.phase === 'ready' ? sale.quoting.quote : null}
          disabled={busy}
          fault={fault('tenders')}
          onChoose={payment => desk.send({ kind: 'paymentChosen', payment })}
        />
      </Panel>
      <div class={css['foot']}>
        {sale.sending.phase === 'idle' ? (
          <Button type="submit" wide disabled={sale.guest === null} busy={sale.quoting.phase === 'asking'}>
            {sale.quoting.phase === 'ready' ? say('sale.recordSum', { sum: sum(sale.quoting.quote.net) }) : say('sale.record')}
          </Button>
        ) : (
          <SendingBox desk={desk} sending={sale.sending} receipt={sale.receipt} />
        )}
      </div>
      {!busy && (
        <Button kind="plain" wide onClick={() => desk.send({ kind: 'nextGuest' })}>
          {say('sale.drop')}
        </Button>
      )}
    </form>
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
  if (state.scan.phase !== 'idle' || sale.guest === null) return <ScanPanel desk={desk} scan={state.scan} title={say('guest.scanAgain')} />
  const other = (): void => desk.send({ kind: 'guestCleared' })
  return <GuestPlate guest={sale.guest} sale={sale} programme={programme} {...(!busy && { onOther: other })} />
}

/** Where the price did not come, the way to ask for it again stands beside the reason. */
function NoticeAction({ desk, sale }: { desk: Desk; sale: Sale }) {
  if (sale.quoting.phase !== 'failed' || sale.guest === null) return null
  return (
    <Button kind="plain" onClick={() => desk.send({ kind: 'quoteAsked' })}>
      {say('sale.requote')}
    </Button>
  )
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
