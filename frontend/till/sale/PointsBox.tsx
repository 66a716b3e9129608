/** Points in a sale: how many the guest may spend here, one tap to put them aside, the guest's yes, and what the receipt earns. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { told, type Unit } from '../../shared/words/points.ts'
import { sum } from '../amounts.ts'
import type { QuoteFactsFragment } from '../graph/documents.ts'
import { say } from '../words/say.ts'
import { holdOf } from './basket.ts'
import type { Desk } from './desk.ts'
import { SpendByCode } from './SpendByCode.tsx'
import type { Hold } from './state.ts'

interface PointsBoxProps {
  desk: Desk
  quote: QuoteFactsFragment
  unit: Unit
  /** Told by phone: the balance is not the till's to know, and nothing is spent. */
  earnsOnly: boolean
  disabled: boolean
}

export function PointsBox({ desk, quote, unit, earnsOnly, disabled }: PointsBoxProps) {
  const { points } = quote
  if (points === null) return null
  const hold = holdOf(quote)
  const spend = (count: number): void => desk.send({ kind: 'spendChosen', points: count, withFamily: count > points.max })
  const together = points.family?.usable ? points.family.max : points.max
  return (
    <div class="stack" data-field="points" tabIndex={-1} role="group" aria-labelledby="points-name">
      <p class="headline" id="points-name">{unit.name}</p>
      {hold !== null ? (
        <Held hold={hold} unit={unit} disabled={disabled} onFree={() => spend(0)} />
      ) : (
        !earnsOnly && together > 0 && <Offer max={points.max} together={together} worth={points.maxWorth} unit={unit} disabled={disabled} onSpend={spend} />
      )}
      {!earnsOnly && together === 0 && points.reasons.length === 0 && <p class="note">{say('points.none')}</p>}
      {points.reasons.map(reason => (
        <p key={reason.code} class="note">
          {reason.text}
        </p>
      ))}
      {earnsOnly && <SpendByCode desk={desk} disabled={disabled} />}
      <p class="spread">
        <span class="muted">{say('points.earns')}</span>
        <span class="big">{told(points.earns, unit)}</span>
      </p>
    </div>
  )
}

interface OfferProps {
  /** Of the guest's own. */
  max: number
  /** With the family's behind them. */
  together: number
  worth: string
  unit: Unit
  disabled: boolean
  onSpend: (points: number) => void
}

function Offer({ max, together, worth, unit, disabled, onSpend }: OfferProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const [wrong, setWrong] = useState(false)
  const some = (event: Event): void => {
    event.preventDefault()
    const count = Number(typed)
    if (Number.isInteger(count) && count > 0 && count <= together) return onSpend(count)
    setWrong(true)
  }
  return (
    <div class="stack">
      {max > 0 && (
        <Button kind="quiet" wide disabled={disabled} onClick={() => onSpend(max)}>
          {say('points.spend', { points: told(max, unit), sum: sum(worth) })}
        </Button>
      )}
      {together > max && (
        <Button kind="quiet" wide disabled={disabled} onClick={() => onSpend(together)}>
          {say('points.together', { points: told(together, unit) })}
        </Button>
      )}
      {typed === null ? (
        <Button kind="plain" wide disabled={disabled} onClick={() => setTyped('')}>
          {say('points.other')}
        </Button>
      ) : (
        <div class="stack">
          <Field
            label={say('points.count', { max: together })}
            name="points"
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            large
            disabled={disabled}
            maxLength={9}
            error={wrong ? say('points.wrong', { max: together }) : undefined}
            onInput={text => {
              setTyped(text.replace(/\D/g, ''))
              setWrong(false)
            }}
          />
          <Button kind="quiet" wide disabled={disabled} onClick={() => some(new Event('submit'))}>
            {say('points.spendSome')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Held({ hold, unit, disabled, onFree }: { hold: Hold; unit: Unit; disabled: boolean; onFree: () => void }) {
  const text = { points: told(hold.points, unit), sum: sum(hold.worth) }
  return (
    <div class="stack">
      {hold.confirmation === 'ASKED' ? (
        <Notice kind="warning" role="status" title={say('points.asked', text)}>
          {say('points.askedHint')}
        </Notice>
      ) : (
        <Notice kind="success" role="status" title={say(hold.confirmation === 'GIVEN' ? 'points.given' : 'points.held', text)} />
      )}
      {hold.fromFamily > 0 && <p class="note">{say('points.fromFamily', { points: told(hold.fromFamily, unit) })}</p>}
      <Button kind="plain" wide disabled={disabled} onClick={onFree}>
        {say('points.free')}
      </Button>
    </div>
  )
}
