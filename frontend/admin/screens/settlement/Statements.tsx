/** The statements of a month: who pays whom, how far each has come, what was said, and the reader's next step. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import type { StatementState } from '../../graph/documents.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { MoveDialog } from './MoveDialog.tsx'
import type { Month, NameOf } from './SettlementScreen.tsx'
import css from './settlement.module.css'
import { actOf, statementWords } from './words.ts'

type Cell = Month['cells'][number]
export type Statement = NonNullable<Cell['statement']>
export interface Asked { cell: Cell; statement: Statement; to: StatementState }

const PROGRAMME = '-'
const TONES: Record<StatementState, Tone> = { OPEN: 'info', CLOSED: 'plain', SENT: 'info', CONFIRMED: 'success', DISPUTED: 'warning', PAID: 'success' }

export function Statements({ month, name }: { month: Month; name: NameOf }) {
  const text = statementWords()
  const [asked, setAsked] = useState<Asked>()
  const told = month.cells.filter(cell => cell.statement)
  return (
    <Panel title={text.title}>
      {told.length === 0
        ? <p class={css['note']}>{text.none}</p>
        : <ul class={css['statements']}>{told.map(cell => <One key={`${cell.issuer} ${cell.partner}`} cell={cell} statement={cell.statement!} name={name} onAsk={setAsked} />)}</ul>}
      {told.length > 0 && <p class={css['note']}>{month.closedAt ? text.note : text.open}</p>}
      {asked && <MoveDialog month={month.month} asked={asked} name={name} onClose={() => setAsked(undefined)} />}
    </Panel>
  )
}

interface OneProps {
  cell: Cell
  statement: Statement
  name: NameOf
  onAsk: (asked: Asked) => void
}

function One({ cell, statement, name, onAsk }: OneProps) {
  const text = statementWords()
  return (
    <li aria-label={text.pair(name(statement.payer), name(statement.payee), money(statement.amount))}>
      <div class={css['head']}>
        <span>{name(statement.payer)} <span aria-hidden="true">→</span><span class="unseen">{text.pays}</span> {name(statement.payee)}</span>
        <Badge tone={TONES[statement.state]}>{text.states[statement.state]}</Badge>
        <strong>{money(statement.amount)}</strong>
      </div>
      {statement.history.length > 0 && (
        <ol class={css['history']} aria-label={text.history}>
          {statement.history.map(step => (
            <li key={step.at}><span>{text.done[step.state]}</span> {dayTime(step.at, true)}, {step.party === PROGRAMME ? text.programme : name(step.party)}{step.author && `, ${step.author}`}{step.note && <q>{step.note}</q>}</li>
          ))}
        </ol>
      )}
      {statement.moves.length > 0 && (
        <div class={css['acts']}>
          {statement.moves.map(to => <Button key={to} kind={to === 'DISPUTED' ? 'danger' : 'quiet'} onClick={() => onAsk({ cell, statement, to })}>{actOf(to, statement.state)}</Button>)}
        </div>
      )}
    </li>
  )
}
