/** Who owes whom for points, what each partner still stands for, and the month it is about. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { useFilters } from '../../data/filters.ts'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { SettlementQuery } from '../../graph/documents.ts'
import { SettlementDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import filterCss from '../../parts/FilterBar.module.css'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { BreakagePanel } from './BreakagePanel.tsx'
import { Deposits } from './Deposits.tsx'
import { Files } from './Files.tsx'
import { LiabilityChart } from './LiabilityChart.tsx'
import { LiabilityTable } from './LiabilityTable.tsx'
import { Matrix } from './Matrix.tsx'
import { monthKey, monthName } from './months.ts'
import css from './settlement.module.css'
import { Statements } from './Statements.tsx'

export type Books = NonNullable<SettlementQuery['settlement']>
export type Month = Books['months'][number]
export type NameOf = (id: string) => string

const NOTHING = {}
const NAMES = ['month'] as const

export function SettlementScreen() {
  const answer = useAnswer(SettlementDocument, NOTHING)
  return (
    <Screen title={words.settlement.title} right="settlement.view">
      <Shown answer={answer} skeleton={<Rows count={8} />}>
        {({ settlement }) => {
          if (!settlement) return <Panel><Empty title={words.settlement.noPoints} note={words.settlement.noPointsNote} /></Panel>
          if (settlement.months.length === 0) return <Panel><Empty title={words.settlement.empty} note={words.settlement.emptyNote} /></Panel>
          return <SettlementPage books={settlement} />
        }}
      </Shown>
    </Screen>
  )
}

function SettlementPage({ books }: { books: Books }) {
  const { filters, set } = useFilters(NAMES)
  const month = books.months.find(one => monthKey(one.month) === filters.month) ?? books.months[0]!
  const name: NameOf = id => books.parties.find(one => one.id === id)?.name ?? id
  return (
    <div class={css['stack']}>
      <div class={filterCss['bar']}>
        <SelectField
          label={words.settlement.month} name="month" value={monthKey(month.month)} onChange={next => set({ month: next })}
          choices={books.months.map(one => ({ value: monthKey(one.month), name: monthName(one.month) }))}
        />
        <p class={css['state']}>
          {month.closedAt
            ? <><Badge tone="success">{words.settlement.closed}</Badge> {dayTime(month.closedAt, true)}</>
            : <><Badge tone="info">{words.settlement.open}</Badge> {words.settlement.closes(dayTime(month.closesAt))}</>}
        </p>
      </div>
      {!books.isWhole && <p class={css['note']}>{words.settlement.ownSide}</p>}
      <Payments month={month} name={name} />
      <Statements month={month} name={name} />
      <Deposits books={books} />
      <Matrix books={books} month={month} name={name} />
      <LiabilityTable books={books} month={month} name={name} />
      <LiabilityChart books={books} name={name} />
      <BreakagePanel breakage={books.breakage} worth={books.worth} />
      <Files month={month} />
    </div>
  )
}

function Payments({ month, name }: { month: Month; name: NameOf }) {
  return (
    <Panel title={words.settlement.payments} aside={<Link href={`/settlement/${monthKey(month.month)}`}>{words.settlement.allFacts}</Link>}>
      {month.payments.length === 0
        ? <p class={css['note']}>{words.settlement.noPayments}</p>
        : (
          <ul class={css['payments']}>
            {month.payments.map(one => (
              <li key={`${one.payer} ${one.payee}`}>
                <span>{name(one.payer)} <span aria-hidden="true">→</span><span class="unseen">{words.settlement.pays}</span> {name(one.payee)}</span>
                <strong>{money(one.amount)}</strong>
              </li>
            ))}
          </ul>
        )}
      <p class={css['note']}>{words.settlement.paymentsNote}</p>
    </Panel>
  )
}
