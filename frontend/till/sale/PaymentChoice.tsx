/** How the guest pays: one tap for one way, or several ways that together make the sum. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { sum } from '../amounts.ts'
import type { QuoteFactsFragment, TenderKind } from '../graph/documents.ts'
import { parseSum, spacedSum, typedSum } from '../money.ts'
import { Choice } from '../parts/Choice.tsx'
import { PlusIcon } from '../parts/icons.tsx'
import { say } from '../words/say.ts'
import { leftToPay } from './basket.ts'
import type { Payment, Tender } from './state.ts'

/** Points are not offered: the contract refuses them until the programme has any. */
const KINDS: readonly TenderKind[] = ['CARD', 'CASH', 'MOBILE_TERMINAL', 'GIFT_CARD', 'INSTALMENT']
const USUAL = 2

interface PaymentProps {
  payment: Payment
  quote: QuoteFactsFragment | null
  disabled: boolean
  fault: string | undefined
  onChoose: (payment: Payment) => void
}

export function PaymentChoice({ payment, quote, disabled, fault, onChoose }: PaymentProps) {
  const [all, setAll] = useState(false)
  if (payment.split) return <Split tenders={payment.tenders} quote={quote} disabled={disabled} fault={fault} onChoose={onChoose} />
  const shown = KINDS.filter((kind, place) => all || place < USUAL || kind === payment.kind)
  const split = (): void => {
    const other = payment.kind === 'CASH' ? 'CARD' : 'CASH'
    onChoose({
      split: true,
      tenders: [
        { kind: payment.kind, sum: '' },
        { kind: other, sum: '' },
      ],
    })
  }
  return (
    <div class="stack">
      <Choice
        legend={say('pay.title')}
        name="tender"
        value={payment.kind}
        disabled={disabled}
        options={shown.map(kind => ({ value: kind, text: say(`pay.${kind}`) }))}
        onChoose={kind => onChoose({ split: false, kind })}
      />
      <div class="row">
        {!all && (
          <Button kind="plain" disabled={disabled} onClick={() => setAll(true)}>
            {say('pay.more')}
          </Button>
        )}
        <Button kind="plain" disabled={disabled} onClick={split}>
          {say('pay.split')}
        </Button>
      </div>
    </div>
  )
}

function Split({ tenders, quote, disabled, fault, onChoose }: Omit<PaymentProps, 'payment'> & { tenders: readonly Tender[] }) {
  const left = quote === null ? null : leftToPay({ split: true, tenders }, quote)
  const set = (kind: TenderKind, text: string): void =>
    onChoose({ split: true, tenders: tenders.map(one => (one.kind === kind ? { kind, sum: text } : one)) })
  const unused = KINDS.find(kind => tenders.every(one => one.kind !== kind))
  const settle = ({ kind, sum: text }: Tender): void => {
    const part = parseSum(text)
    if (part !== null) set(kind, spacedSum(part))
  }
  const restInto = (tender: Tender): void => set(tender.kind, spacedSum((parseSum(tender.sum) ?? 0) + (left ?? 0)))
  return (
    <fieldset class="stack" disabled={disabled}>
      <legend class="headline">{say('pay.title')}</legend>
      {tenders.map((tender, place) => (
        <Field
          key={tender.kind}
          label={say('pay.amount', { kind: say(`pay.${tender.kind}`) })}
          name={place === 0 ? 'tenders' : `tender:${tender.kind}`}
          value={tender.sum}
          inputMode="decimal"
          autoComplete="off"
          large
          maxLength={40}
          error={place === 0 ? fault : undefined}
          onInput={text => set(tender.kind, typedSum(text))}
          onBlur={() => settle(tender)}
          offer={
            left !== null && left > 0 ? (
              <Button kind="plain" onClick={() => restInto(tender)}>
                {say('pay.rest')}
              </Button>
            ) : undefined
          }
        />
      ))}
      <p class="headline" role="status">
        {left === null ? '' : left === 0 ? say('pay.exact') : say(left > 0 ? 'pay.left' : 'pay.over', { sum: sum(Math.abs(left)) })}
      </p>
      <div class="row">
        {unused !== undefined && (
          <Button kind="plain" icon={<PlusIcon />} onClick={() => onChoose({ split: true, tenders: [...tenders, { kind: unused, sum: '' }] })}>
            {say('pay.add')}
          </Button>
        )}
        <Button kind="plain" onClick={() => onChoose({ split: false, kind: tenders[0]?.kind ?? 'CARD' })}>
          {say('pay.whole')}
        </Button>
      </div>
    </fieldset>
  )
}
