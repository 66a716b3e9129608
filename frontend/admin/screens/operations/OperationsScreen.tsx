/** Receipts of the places one may see; the filters live in the address, a row opens its receipt. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { language } from '../../../shared/words/language.ts'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { download } from '../../data/download.ts'
import { useFilters, useTyped, writeFilters, type Filters } from '../../data/filters.ts'
import { useAnswer, usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { OperationsDocument, PlacesDocument, type Channel, type OperationsQuery } from '../../graph/documents.ts'
import { DateField } from '../../parts/DateField.tsx'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { ReceiptSheet } from './ReceiptSheet.tsx'

type Operation = OperationsQuery['operations']['items'][number]
type Name = (typeof NAMES)[number]

const NOTHING = {}
const PAGE_ROWS = 30
const NAMES = ['partner', 'channel', 'receipt', 'from', 'to', 'refunded', 'member'] as const
const CHANNELS: readonly Channel[] = ['TILL', 'DESK', 'PHONE', 'EMAIL', 'CABINET', 'PARTNER_SITE', 'SHOP', 'IMPORT']
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const DATE = /^\d{4}-\d{2}-\d{2}$/

export function OperationsScreen() {
  return <Screen title={words.operations.title} right="operation.view"><Operations /></Screen>
}

function Operations() {
  const { filters, any, set, reset } = useFilters(NAMES)
  const [typed, setTyped] = useTyped(filters.receipt, receipt => set({ receipt }))
  const houses = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  const pages = usePages(OperationsDocument, { first: PAGE_ROWS, ...asked(filters) }, data => data.operations)
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <SelectField label={words.tills.partner} name="partner" value={filters.partner} onChange={partner => set({ partner })} choices={[{ value: '', name: words.tills.anyPartner }, ...houses.map(({ id, name }) => ({ value: id, name }))]} />
        <SelectField label={words.operations.channel} name="channel" value={filters.channel} onChange={channel => set({ channel })} choices={[{ value: '', name: words.operations.anyChannel }, ...CHANNELS.map(value => ({ value, name: words.tills.channelNames[value] }))]} />
        <Field label={words.operations.receipt} name="receipt" kind="search" value={typed} onInput={setTyped} optional />
        <DateField label={words.journal.from} name="from" value={filters.from} onChange={from => set({ from })} />
        <DateField label={words.journal.to} name="to" value={filters.to} onChange={to => set({ to })} />
        <SelectField label={words.operations.returns} name="refunded" value={filters.refunded} onChange={refunded => set({ refunded })} choices={[{ value: '', name: words.operations.anyReturns }, { value: 'yes', name: words.operations.returned }, { value: 'no', name: words.operations.notReturned }]} />
      </div>
      {filters.member && <Notice action={<Button kind="quiet" onClick={() => set({ member: '' })}>{words.panel.reset}</Button>}>{words.operations.ofMember}</Notice>}
      <Shown answer={pages.answer} skeleton={<Rows count={8} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={any ? words.operations.filterEmpty : words.operations.empty} action={any && <Button kind="quiet" onClick={reset}>{words.panel.reset}</Button>} /></Panel>
          : <><Table operations={items} /><More pages={pages} /><File filters={filters} /></>}
      </Shown>
    </>
  )
}

/** A link mistyped by hand must not become an error of the whole page. */
function asked(filters: Filters<Name>) {
  return {
    partner: filters.partner || null,
    channel: CHANNELS.find(one => one === filters.channel) ?? null,
    receipt: filters.receipt || null,
    from: DATE.test(filters.from) ? filters.from : null,
    to: DATE.test(filters.to) ? filters.to : null,
    refunded: filters.refunded === 'yes' ? true : filters.refunded === 'no' ? false : null,
    member: UUID.test(filters.member) ? filters.member : null,
  }
}

function Table({ operations }: { operations: readonly Operation[] }) {
  const [open, setOpen] = useState<string>()
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead>
          <tr>
            <th scope="col">{words.operations.when}</th><th scope="col">{words.operations.receipt}</th><th scope="col">{words.operations.place}</th>
            <th scope="col">{words.operations.card}</th><th scope="col">{words.operations.net}</th><th scope="col">{words.operations.discount}</th><th scope="col">{words.operations.refunded}</th>
          </tr>
        </thead>
        <tbody>
          {operations.map(one => (
            <tr key={one.id}>
              <td class={css['when']}><time dateTime={one.closedAt}>{dayTime(one.closedAt)}</time></td>
              <th scope="row"><Button kind="plain" label={words.operations.open(one.receiptNumber)} onClick={() => setOpen(one.id)}>{one.receiptNumber}</Button></th>
              <td data-name={words.operations.place}>{one.place.name}<span class={css['sub']}>{one.till}, {words.tills.channelNames[one.channel]}</span></td>
              <td data-name={words.operations.card} class={css['when']}>•••• {one.card}</td>
              <td data-name={words.operations.net} class={css['when']}>{money(one.net)}{(one.earned || one.spent) ? <span class={css['sub']}>{words.operations.points(one.earned ?? 0, one.spent ?? 0)}</span> : null}</td>
              <td data-name={words.operations.discount} class={css['when']}>{one.discount === '0.00' ? '–' : money(one.discount)}</td>
              <td data-name={words.operations.refunded} class={css['when']}>{one.refunded === '0.00' ? '–' : money(one.refunded)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {open && <ReceiptSheet id={open} onClose={() => setOpen(undefined)} />}
    </div>
  )
}

function File({ filters }: { filters: Filters<Name> }) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const save = async (): Promise<void> => {
    setBusy(true)
    const chosen = writeFilters(filters).replace('?', '&')
    setFault(await download(`/exports/operations.csv?for=${language() === 'ru' ? 'excel' : 'rfc4180'}${chosen}`))
    setBusy(false)
  }
  return (
    <>
      <Button kind="quiet" busy={busy} onClick={() => void save()}>{words.operations.download}</Button>
      {fault && <Notice kind="danger" role="alert">{fault}</Notice>}
    </>
  )
}
