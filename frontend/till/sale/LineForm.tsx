/** One line of the receipt: service, sum before discount, and, where wanted, its name and quantity. */
import { Field } from '../../shared/parts/Field.tsx'
import { CrossIcon } from '../../shared/parts/icons.tsx'
import type { TillFactsFragment } from '../graph/documents.ts'
import { parseSum, spacedSum, typedSum } from '../money.ts'
import { say } from '../words/say.ts'
import type { Desk } from './desk.ts'
import css from './LineForm.module.css'
import { ServiceChoice } from './ServiceChoice.tsx'
import type { Line, Sale } from './state.ts'

interface LineFormProps {
  desk: Desk
  sale: Sale
  till: TillFactsFragment
  line: Line
  place: number
  disabled: boolean
  /** The fault to show at a field of this line, by the field's name. */
  fault: (field: string) => string | undefined
  onPicked: () => void
}

export function LineForm({ desk, sale, till, line, place, disabled, fault, onPicked }: LineFormProps) {
  const several = sale.lines.length > 1
  const change = (part: Partial<Omit<Line, 'id'>>): void => desk.send({ kind: 'lineEdited', id: line.id, change: part })
  const settleSum = (): void => {
    const sum = parseSum(line.sum)
    if (sum !== null && spacedSum(sum) !== line.sum) change({ sum: spacedSum(sum) })
  }
  const serviceFault = fault(`service:${line.id}`)
  return (
    <div class="stack" role={several ? 'group' : undefined} aria-label={several ? say('sale.line', { number: place + 1 }) : undefined}>
      {several && (
        <div class="spread">
          <p class="headline">{say('sale.line', { number: place + 1 })}</p>
          <button
            type="button"
            class={css['drop']}
            disabled={disabled}
            aria-label={say('sale.dropLine', { number: place + 1 })}
            onClick={() => desk.send({ kind: 'lineDropped', id: line.id })}
          >
            <CrossIcon />
          </button>
        </div>
      )}
      <ServiceChoice
        line={line}
        till={till}
        channel={sale.channel}
        guest={sale.guest}
        folded={place < sale.lines.length - 1}
        disabled={disabled}
        onChoose={service => change({ service })}
        onPicked={onPicked}
      />
      {serviceFault && <p class={css['fault']}>{serviceFault}</p>}
      <Field
        label={say('sale.sum')}
        name={`sum:${line.id}`}
        value={line.sum}
        inputMode="decimal"
        autoComplete="off"
        large
        maxLength={40}
        disabled={disabled}
        error={fault(`sum:${line.id}`)}
        onInput={text => change({ sum: typedSum(text) })}
        onBlur={settleSum}
      />
      <details class={css['more']} open={fault(`quantity:${line.id}`) !== undefined || undefined}>
        <summary class={css['summary']}>{say('sale.more')}</summary>
        <div class="stack">
          <Field
            label={say('sale.name')}
            name={`name:${line.id}`}
            value={line.name}
            optional
            maxLength={120}
            autoComplete="off"
            disabled={disabled}
            hint={say('sale.nameHint')}
            onInput={name => change({ name })}
          />
          <Field
            label={say('sale.quantity')}
            name={`quantity:${line.id}`}
            value={line.quantity}
            inputMode="decimal"
            autoComplete="off"
            large
            maxLength={12}
            disabled={disabled}
            error={fault(`quantity:${line.id}`)}
            onInput={quantity => change({ quantity })}
          />
        </div>
      </details>
    </div>
  )
}
