/** Three bars and a word: colour alone says nothing. */
import { words } from '../../words/words.ts'
import css from './joining.module.css'
import { missing, strength } from './strength.ts'

export function PasswordMeter({ password, own }: { password: string; own: readonly string[] }) {
  if (password === '') return null
  const lacking = missing(password)
  const told = lacking > 0 ? 'weak' : strength(password, own)
  return (
    <div class={css['meter']} role="status">
      <div class={css['bars']} data-strength={told} aria-hidden="true"><i /><i /><i /></div>
      <span>{lacking > 0 ? words.joining.short(lacking) : words.joining[told]}</span>
    </div>
  )
}
