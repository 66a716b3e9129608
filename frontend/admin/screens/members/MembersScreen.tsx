/** A member by what a guest can name: the way to the page of one. Nobody is listed without a search. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { MembersQuery } from '../../graph/documents.ts'
import { MembersDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import cards from '../cards/cards.module.css'
import { memberWords } from './words.ts'

export function MembersScreen() {
  return <Screen title={memberWords().title} right="user.manage"><Search /></Screen>
}

/** What was typed stays out of the address: it is somebody's phone. */
function Search() {
  const text = memberWords()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState('')
  return (
    <div class={cards['stack']}>
      <form class={cards['search']} role="search" onSubmit={event => { event.preventDefault(); setAsked(typed.trim()) }}>
        <Field label={text.search} name="search" kind="search" value={typed} onInput={setTyped} hint={text.searchHint} autoComplete="off" optional autoFocus />
        <Button type="submit">{words.cards.find}</Button>
      </form>
      {asked !== '' && <Found key={asked} search={asked} />}
    </div>
  )
}

function Found({ search }: { search: string }) {
  const answer = useAnswer(MembersDocument, { search })
  return (
    <Shown answer={answer} skeleton={<Rows count={2} />}>
      {({ memberCards }) => memberCards.length === 0
        ? <Panel><Empty title={words.cards.nobody} note={words.cards.nobodyNote} /></Panel>
        : <Table members={memberCards} />}
    </Shown>
  )
}

function Table({ members }: { members: MembersQuery['memberCards'] }) {
  const text = memberWords()
  return (
    <div class={table['box']}>
      <table class={table['table']}>
        <thead>
          <tr>
            <th scope="col">{words.cards.name}</th><th scope="col">{text.number}</th><th scope="col">{words.cards.phone}</th>
            <th scope="col">{words.cards.email}</th><th scope="col">{text.tier}</th><th scope="col">{text.state}</th>
          </tr>
        </thead>
        <tbody>
          {members.map(one => {
            const name = `${one.firstName} ${one.lastName}`
            return (
              <tr key={one.id}>
                <th scope="row"><Link href={`/members/${one.id}`} class={table['main']} aria-label={text.open(name)}>{name}</Link></th>
                <td data-name={text.number} class={table['when']}>{one.number}</td>
                <td data-name={words.cards.phone} class={table['when']}>{one.phone ?? '–'}</td>
                <td data-name={words.cards.email}>{one.email ?? '–'}</td>
                <td data-name={text.tier}>{one.tier?.name ?? '–'}</td>
                <td data-name={text.state}><Badge tone={one.status === 'ACTIVE' ? 'success' : 'warning'}>{words.cards.statuses[one.status]}</Badge></td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
