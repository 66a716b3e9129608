/** A promo code the guest shows: typed once, told what it brings, taken back by one tap. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { say } from '../words/say.ts'
import type { Desk } from './desk.ts'

interface PromoBoxProps {
  desk: Desk
  code: string
  error: string | undefined
  disabled: boolean
}

export function PromoBox({ desk, code, error, disabled }: PromoBoxProps) {
  const [typed, setTyped] = useState('')
  const give = (next: string): void => desk.send({ kind: 'promoGiven', code: next })
  if (code !== '') {
    return (
      <p class="spread" role="status">
        <span>{say('promo.given', { code })}</span>
        <Button kind="plain" disabled={disabled} onClick={() => give('')}>
          {say('promo.drop')}
        </Button>
      </p>
    )
  }
  return (
    <div class="stack">
      <Field label={say('promo.code')} name="promo" value={typed} autoComplete="off" maxLength={64} disabled={disabled} error={error} onInput={setTyped} />
      {typed.trim() !== '' && (
        <Button kind="quiet" wide disabled={disabled} onClick={() => give(typed)}>
          {say('promo.give')}
        </Button>
      )}
    </div>
  )
}
