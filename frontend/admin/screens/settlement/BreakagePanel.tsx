/** Rights that guests will not use, in the words of IFRS 15. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { money, percent } from '../../../shared/words/numbers.ts'
import { words } from '../../words/words.ts'
import { points } from './months.ts'
import type { Books } from './SettlementScreen.tsx'
import css from './settlement.module.css'

export function BreakagePanel({ breakage, worth }: { breakage: Books['breakage']; worth: string }) {
  const facts = [
    [words.settlement.contractLiability, `${points(breakage.outstanding)} · ${money(breakage.outstandingWorth)}`],
    [words.settlement.ended, points(breakage.ended)],
    [words.settlement.expiredOfThem, points(breakage.expired)],
    [words.settlement.rate, breakage.ratePercent == null ? words.settlement.rateUnknown : percent(breakage.ratePercent)],
    [words.settlement.expected, breakage.ratePercent == null ? '–' : `${points(breakage.expected)} · ${money(breakage.expectedWorth)}`],
  ] as const
  return (
    <Panel title={words.settlement.breakage}>
      <dl class={css['facts']}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <p class={css['note']}>{words.settlement.breakageNote(money(worth))}</p>
    </Panel>
  )
}
