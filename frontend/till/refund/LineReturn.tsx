/** One sold line in a return by parts: a tick, then how much of it by quantity or by sum, as its first return fixed it. */
import { Check } from '../../shared/parts/Check.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { quantity, sum } from '../amounts.ts'
import { parseSum, spacedSum, typedSum } from '../money.ts'
import { Choice } from '../parts/Choice.tsx'
import { say } from '../words/say.ts'
import type { Counter } from './counter.ts'
import { faultOf, leftOf, quantityText, wholeWish, type Left, type SoldLine, type Wish } from './left.ts'
import css from './LineReturn.module.css'

interface LineReturnProps {
  counter: Counter
  line: SoldLine
  wish: Wish | null
  disabled: boolean
}

export function LineReturn({ counter, line, wish, disabled }: LineReturnProps) {
  const left = leftOf(line)
  if (left.gone) {
    return (
      <p class={css['gone']}>
        {line.name} · {say('refund.lineGone')}
      </p>
    )
  }
  const set = (next: Wish | null): void => counter.send({ kind: 'wished', line: line.id, wish: next })
  const more = say('refund.lineLeft', { quantity: quantity(quantityText(left.quantity)), sum: sum(left.net) })
  return (
    <div class={css['line']}>
      <Check name={`wish:${line.id}`} checked={wish !== null} more={more} onChange={ticked => !disabled && set(ticked ? wholeWish(line) : null)}>
        {line.name}
      </Check>
      {wish !== null && <Amount line={line} left={left} wish={wish} disabled={disabled} onSet={set} />}
    </div>
  )
}

interface AmountProps {
  line: SoldLine
  left: Left
  wish: Wish
  disabled: boolean
  onSet: (wish: Wish) => void
}

function Amount({ line, left, wish, disabled, onSet }: AmountProps) {
  const byNet = wish.measure === 'net'
  const fault = faultOf(line, wish)
  const most = byNet ? sum(left.net) : quantity(quantityText(left.quantity))
  const settle = (): void => {
    const part = byNet ? parseSum(wish.amount) : null
    if (part !== null) onSet({ ...wish, amount: spacedSum(part) })
  }
  return (
    <div class="stack">
      {left.measure === 'free' ? (
        <Choice
          legend={say('refund.measure')}
          name={`measure:${line.id}`}
          value={wish.measure}
          disabled={disabled}
          options={[
            { value: 'quantity', text: say('refund.measureQuantity') },
            { value: 'net', text: say('refund.measureNet') },
          ]}
          onChoose={measure => onSet({ measure, amount: measure === 'net' ? spacedSum(left.net) : quantityText(left.quantity) })}
        />
      ) : (
        <p class="note">{say(left.measure === 'net' ? 'refund.measureFixedNet' : 'refund.measureFixed')}</p>
      )}
      <Field
        label={say(byNet ? 'refund.bySum' : 'refund.byQuantity')}
        name={`amount:${line.id}`}
        value={wish.amount}
        inputMode="decimal"
        autoComplete="off"
        large
        maxLength={40}
        disabled={disabled}
        error={fault === null || wish.amount === '' ? undefined : say(fault, { left: most })}
        onInput={text => onSet({ ...wish, amount: byNet ? typedSum(text) : text })}
        onBlur={settle}
      />
    </div>
  )
}
