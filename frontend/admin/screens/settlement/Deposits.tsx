/** What partners have paid ahead and what is left of it; nothing where nobody does. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import { Badge } from '../../parts/Badge.tsx'
import type { Books } from './SettlementScreen.tsx'
import css from './settlement.module.css'
import { statementWords } from './words.ts'

export function Deposits({ books }: { books: Books }) {
  const text = statementWords()
  const ahead = books.parties.flatMap(({ id, name, deposit }) => (deposit ? [{ id, name, ...deposit }] : []))
  if (ahead.length === 0) return null
  return (
    <Panel title={text.deposits}>
      <ul class={css['payments']}>
        {ahead.map(one => (
          <li key={one.id}>
            <span>{one.name}, {text.paidAhead(money(one.amount))} {kopecks(one.left) < 0 && <Badge tone="warning">{text.usedUp}</Badge>}</span>
            <span>{text.left} <strong>{money(one.left)}</strong></span>
          </li>
        ))}
      </ul>
      <p class={css['note']}>{text.depositsNote}</p>
    </Panel>
  )
}
