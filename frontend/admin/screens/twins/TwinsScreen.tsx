/** Profiles that may be one person's: found by the server or by what a guest can name; and every merge there was. */
import { useState } from 'preact/hooks'
import { Link, useSearchParams } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer, usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { MembersDocument, MergeHistoryDocument, TwinOfDocument } from '../../graph/late.ts'
import { More } from '../../parts/More.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import cards from '../cards/cards.module.css'
import { ApartPanel } from './apart.tsx'
import { MergesTable } from './MergesTable.tsx'
import { PairsPanel } from './PairsPanel.tsx'
import css from './twins.module.css'
import { twinWords } from './words.ts'

const PAGE_ROWS = 10
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function TwinsScreen() {
  return <Screen title={twinWords().title} right="merge.decide"><Twins /></Screen>
}

function Twins() {
  const [query] = useSearchParams()
  const chosen = query.get('with') ?? ''
  if (UUID.test(chosen)) return <div class={css['stack']}><Chosen key={chosen} id={chosen} /></div>
  return (
    <div class={css['stack']}>
      <p class={css['note']}>{twinWords().note}</p>
      <Search />
      <PairsPanel />
      <ApartPanel />
      <History />
    </div>
  )
}

/** What was typed stays out of the address: it is somebody's phone. */
function Search({ chosen }: { chosen?: { id: string; number: string } }) {
  const text = twinWords()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState('')
  return (
    <>
      <form class={cards['search']} role="search" onSubmit={event => { event.preventDefault(); setAsked(typed.trim()) }}>
        <Field label={text.search} name="search" kind="search" value={typed} onInput={setTyped} hint={text.searchHint} autoComplete="off" optional />
        <Button type="submit">{text.find}</Button>
      </form>
      {asked !== '' && <Found key={asked} search={asked} {...(chosen && { chosen })} />}
    </>
  )
}

/** One who was found is chosen first, or compared with the one who was. */
function Found({ search, chosen }: { search: string; chosen?: { id: string; number: string } }) {
  const text = twinWords()
  const answer = useAnswer(MembersDocument, { search })
  return (
    <Panel title={text.found}>
      <Shown answer={answer} skeleton={<Rows count={2} />}>
        {({ memberCards }) => memberCards.length === 0
          ? <Empty title={words.cards.nobody} note={words.cards.nobodyNote} />
          : (
            <ul class={css['list']}>
              {memberCards.map(one => (
                <li key={one.id}>
                  <span><strong>{one.firstName} {one.lastName}</strong> <span class={css['quiet']}>{one.number} · {words.cards.statuses[one.status]}{one.phone && ` · ${one.phone}`}{one.email && ` · ${one.email}`}</span></span>
                  {chosen === undefined && <Link href={`/twins?with=${one.id}`} aria-label={text.chooseOf(one.number)}>{text.choose}</Link>}
                  {chosen?.id === one.id && <span class={css['quiet']}>{text.self}</span>}
                  {chosen !== undefined && chosen.id !== one.id && <Link href={`/twins/${chosen.id}/${one.id}`} aria-label={text.compareOf(chosen.number, one.number)}>{text.compare}</Link>}
                </li>
              ))}
            </ul>
          )}
      </Shown>
    </Panel>
  )
}

function Chosen({ id }: { id: string }) {
  const text = twinWords()
  const answer = useAnswer(TwinOfDocument, { id })
  return (
    <Shown answer={answer} skeleton={<Rows count={3} />}>
      {({ memberCard }) => memberCard
        ? (
          <>
            <Panel title={text.withTitle} aside={<Link href="/twins">{text.another}</Link>}>
              <p class={css['note']}>{text.withNote(`${memberCard.firstName} ${memberCard.lastName}`, memberCard.number)}</p>
            </Panel>
            <Search chosen={memberCard} />
          </>
        )
        : <Panel><Empty title={words.state.absent} note={words.state.absentNote} action={<Link href="/twins">{text.another}</Link>} /></Panel>}
    </Shown>
  )
}

function History() {
  const text = twinWords()
  const pages = usePages(MergeHistoryDocument, { first: PAGE_ROWS }, data => data.mergeHistory)
  return (
    <Panel title={text.history}>
      <Shown answer={pages.answer} skeleton={<Rows count={3} />}>
        {({ items }) => items.length === 0 ? <Empty title={text.historyEmpty} /> : <><MergesTable merges={items} /><More pages={pages} /></>}
      </Shown>
    </Panel>
  )
}
