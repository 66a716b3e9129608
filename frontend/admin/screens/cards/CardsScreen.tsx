/** A member by what a guest can name: masked, with the purchases of one's own partners. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { CardsDocument } from '../../graph/documents.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import css from './cards.module.css'
import { MemberPanel } from './MemberPanel.tsx'

export function CardsScreen() {
  return <Screen title={words.cards.title} right="card.view"><Search /></Screen>
}

/** What was typed stays out of the address: it is somebody's phone. */
function Search() {
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState('')
  return (
    <div class={css['stack']}>
      <form class={css['search']} role="search" onSubmit={event => { event.preventDefault(); setAsked(typed.trim()) }}>
        <Field label={words.cards.search} name="search" kind="search" value={typed} onInput={setTyped} hint={words.cards.searchHint} autoComplete="off" optional autoFocus />
        <Button type="submit">{words.cards.find}</Button>
      </form>
      {asked !== '' && <Found key={asked} search={asked} />}
    </div>
  )
}

function Found({ search }: { search: string }) {
  const answer = useAnswer(CardsDocument, { search })
  return (
    <Shown answer={answer} skeleton={<Rows count={3} />}>
      {({ memberCards }) => memberCards.length === 0
        ? <Panel><Empty title={words.cards.nobody} note={words.cards.nobodyNote} /></Panel>
        : <>{memberCards.map(member => <MemberPanel key={member.id} member={member} foot={<p class={css['foot']}><Link href={`/members/${member.id}`}>{words.cards.page}</Link></p>} />)}</>}
    </Shown>
  )
}
