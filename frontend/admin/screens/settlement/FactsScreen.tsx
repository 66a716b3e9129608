/** The facts that a month counts, lot by lot; the filters live in the address. */
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { useFilters } from '../../data/filters.ts'
import { useAnswer, usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { SettlementFactKind, SettlementLinesQuery } from '../../graph/documents.ts'
import { SettlementDocument, SettlementLinesDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { isMonth, monthName, points } from './months.ts'
import type { NameOf } from './SettlementScreen.tsx'

type Fact = SettlementLinesQuery['settlementLines']['items'][number]

const NOTHING = {}
const PAGE_ROWS = 30
const NAMES = ['issuer', 'partner', 'kind'] as const
const KINDS: readonly SettlementFactKind[] = ['ISSUED', 'REDEEMED', 'GIVEN_BACK', 'EXPIRED', 'RETURNED', 'REPAID', 'OWED']

export function FactsScreen({ month }: { month: string }) {
  return (
    <Screen title={words.settlement.factsTitle(isMonth(month) ? monthName(month) : month)} right="settlement.view" above={<Link href={`/settlement?month=${month}`}>← {words.settlement.title}</Link>}>
      {isMonth(month) ? <Facts month={month} /> : <Panel><Empty title={words.state.absent} /></Panel>}
    </Screen>
  )
}

function Facts({ month }: { month: string }) {
  const { filters, any, set, reset } = useFilters(NAMES)
  const parties = useAnswer(SettlementDocument, NOTHING).data?.settlement?.parties ?? []
  const name: NameOf = id => parties.find(one => one.id === id)?.name ?? id
  const kind = KINDS.find(one => one === filters.kind) ?? null
  const pages = usePages(
    SettlementLinesDocument, { month: `${month}-01`, issuer: filters.issuer || null, partner: filters.partner || null, kind, first: PAGE_ROWS },
    data => data.settlementLines,
  )
  const choices = [{ value: '', name: words.settlement.anyone }, ...parties.map(one => ({ value: one.id, name: one.name }))]
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <SelectField label={words.settlement.issuer} name="issuer" value={filters.issuer} onChange={issuer => set({ issuer })} choices={choices} />
        <SelectField label={words.settlement.redeemer} name="partner" value={filters.partner} onChange={partner => set({ partner })} choices={choices} />
        <SelectField label={words.settlement.what} name="kind" value={kind ?? ''} onChange={next => set({ kind: next })} choices={[{ value: '', name: words.settlement.anything }, ...KINDS.map(value => ({ value, name: words.settlement.kinds[value] }))]} />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={8} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={words.settlement.noFacts} action={any && <Button kind="quiet" onClick={reset}>{words.panel.reset}</Button>} /></Panel>
          : <><FactTable facts={items} name={name} /><More pages={pages} /></>}
      </Shown>
    </>
  )
}

function FactTable({ facts, name }: { facts: readonly Fact[]; name: NameOf }) {
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead>
          <tr>
            <th scope="col">{words.settlement.when}</th><th scope="col">{words.settlement.what}</th><th scope="col">{words.settlement.issuer}</th>
            <th scope="col">{words.settlement.redeemer}</th><th scope="col">{words.settlement.points}</th><th scope="col">{words.settlement.due}</th><th scope="col">{words.settlement.lot}</th>
          </tr>
        </thead>
        <tbody>
          {facts.map(fact => (
            <tr key={fact.id}>
              <td class={css['when']}><time dateTime={fact.occurredAt}>{dayTime(fact.occurredAt)}</time>{fact.isLate && <span class={css['sub']}>{words.settlement.recorded(dayTime(fact.recordedAt))}</span>}</td>
              <td><span class={css['main']}>{words.settlement.kinds[fact.kind]}</span>{fact.isLate && <> <Badge tone="warning">{words.settlement.lateOne}</Badge></>}<span class={css['sub']}>{fact.reason}{fact.receiptNumber && `, ${words.settlement.receipt(fact.receiptNumber)}`}</span></td>
              <td data-name={words.settlement.issuer}>{name(fact.issuer)}</td>
              <td data-name={words.settlement.redeemer}>{fact.partner ? name(fact.partner) : '–'}</td>
              <td data-name={words.settlement.points} class={css['when']}>{points(fact.points)}</td>
              <td data-name={words.settlement.due} class={css['when']}>{fact.due === '0.00' ? '–' : money(fact.due)}</td>
              <td data-name={words.settlement.lot} class={css['quiet']}>{fact.lot ? <>{fact.lotIssuedAt && words.settlement.lotOf(dayTime(fact.lotIssuedAt))}<span class={css['sub']}>{fact.lot.slice(-12)}</span></> : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
