/** All purchases at all partners, by month, with filters kept in the address. */
import { useEffect, useState } from 'preact/hooks'
import { Link, useLocation, useSearchParams } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { post } from '../../../shared/graph/post.ts'
import { locale, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { PurchasesDocument, type PurchasesQuery, type PurchasesQueryVariables, type ReceiptFragment } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { FilterBar } from './FilterBar.tsx'
import { anyFilter, firstPage, readFilters, writeFilters, type Filters } from './filters.ts'
import { byMonth } from './months.ts'
import { PurchaseRow, type Terms } from './PurchaseRow.tsx'
import css from './PurchasesScreen.module.css'
import { ReceiptSheet } from './ReceiptSheet.tsx'

export function PurchasesScreen() {
  const [query] = useSearchParams()
  const [, go] = useLocation()
  const filters = readFilters(query)
  const open = query.get('purchase')
  const variables = firstPage(filters, new Date().toLocaleDateString('sv'))
  const answer = useAnswer(PurchasesDocument, variables)
  const address = (next: Filters, purchase?: string): string => {
    const text = [writeFilters(next), purchase && `purchase=${purchase}`].filter(Boolean).join('&')
    return text ? `/purchases?${text}` : '/purchases'
  }

  const first = answer.data?.me?.purchases
  // Nobody who has bought nothing yet has anything to filter.
  const bare = first?.items.length === 0 && !anyFilter(filters)

  return (
    <Frame title={words.purchases.title} broad aside={<Link class={css['missing']!} href="/claims">{words.purchases.unseen}</Link>}>
      <div class={bare ? undefined : css['columns']}>
        {!bare && <FilterBar unsure={!answer.data && !answer.failure && !anyFilter(filters)} filters={filters} counts={answer.data?.programme.tiers.length !== 1} partners={answer.data?.programme.partners ?? []} onChange={next => go(address(next), { replace: true })} />}
        <div class={css['list']}>
          <Shown answer={answer} skeleton={<Panel>{[0, 1, 2, 3, 4].map(row => <div key={row} class={css['reserved']}><Skeleton height={48} radius={8} /></div>)}</Panel>}>
            {data => data.me && (
              <List key={JSON.stringify(variables)} terms={data.programme} first={data.me.purchases} variables={variables} filtered={anyFilter(filters)} href={id => address(filters, id)} onReset={() => go('/purchases', { replace: true })} onCode={() => go('/card/code', { state: { moved: true } })} />
            )}
          </Shown>
        </div>
      </div>
      {open && <ReceiptSheet id={open} onClose={() => (history.state as { moved?: boolean } | null)?.moved ? history.back() : go(address(filters), { replace: true })} />}
    </Frame>
  )
}

interface ListProps {
  terms: Terms
  first: NonNullable<PurchasesQuery['me']>['purchases']
  variables: PurchasesQueryVariables
  filtered: boolean
  href: (id: string) => string
  onReset: () => void
  onCode: () => void
}

function List({ terms, first, variables, filtered, href, onReset, onCode }: ListProps) {
  const [later, setLater] = useState<{ items: ReceiptFragment[]; next: string | null }>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  // A new purchase on top moves the border between the pages: what was loaded behind it no longer fits.
  useEffect(() => setLater(undefined), [first.next])

  const items = later ? [...first.items, ...later.items] : first.items
  const next = later ? later.next : first.next
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      const { me } = await post(PurchasesDocument, { ...variables, after: next })
      if (me) setLater({ items: [...(later?.items ?? []), ...me.purchases.items], next: me.purchases.next })
      setState('idle')
    } catch {
      setState('failed')
    }
  }

  if (items.length === 0) {
    return filtered
      ? <Panel><Empty title={words.purchases.filterEmpty} action={<Button kind="quiet" onClick={onReset}>{words.purchases.reset}</Button>} /></Panel>
      : <Panel><Empty title={words.purchases.empty} note={words.purchases.emptyNote} action={<Button kind="quiet" onClick={onCode}>{words.card.show}</Button>} /></Panel>
  }
  return (
    <div class={css['months']}>
      <p class="unseen" role="status">{words.purchases.shown(items.length)}</p>
      {byMonth(items, next === null).map(month => (
        <Panel key={month.key} title={monthName(month.key)} aside={month.total !== null && <span class={css['total']}><span class="unseen">{words.purchases.monthTotal('')}</span><span class="sum">{money(month.total)}</span></span>}>
          <ul>{month.items.map(one => <PurchaseRow key={one.id} purchase={one} terms={terms} href={href(one.id)} />)}</ul>
        </Panel>
      ))}
      {state === 'failed' && <Notice kind="danger" role="alert">{words.purchases.moreFailed}</Notice>}
      {next !== null && <Button kind="quiet" wide busy={state === 'busy'} onClick={() => void more()}>{state === 'failed' ? words.page.retry : words.purchases.more}</Button>}
    </div>
  )
}

/** «Ноябрь 2026» */
function monthName(key: string): string {
  const name = new Intl.DateTimeFormat(locale(), { month: 'long', timeZone: 'UTC' }).format(new Date(`${key}-01T00:00:00Z`))
  return `${name[0]?.toUpperCase()}${name.slice(1)} ${key.slice(0, 4)}`
}
