/** One receipt: its lines with the reasons of their prices, and its returns. */
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { OperationDocument, type OperationQuery } from '../../graph/documents.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import css from '../cards/cards.module.css'

type Receipt = NonNullable<OperationQuery['operation']>

export function ReceiptSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const answer = useAnswer(OperationDocument, { id })
  return (
    <Sheet title={words.operations.sheet} onClose={onClose}>
      <Shown answer={answer} skeleton={<Rows count={3} />}>
        {({ operation }) => (operation ? <Lines receipt={operation} /> : <Empty title={words.state.absent} note={words.state.absentNote} />)}
      </Shown>
    </Sheet>
  )
}

function Lines({ receipt }: { receipt: Receipt }) {
  const facts = [
    [words.operations.receipt, receipt.receiptNumber], [words.operations.place, `${receipt.partner.name}, ${receipt.outlet.name}`],
    [words.operations.when, dayTime(receipt.closedAt, true)], [words.operations.gross, money(receipt.gross)],
    [words.operations.discount, money(receipt.discount)], [words.operations.net, money(receipt.net)],
    [words.operations.accumulated, money(receipt.accumulated)], [words.operations.refunded, money(receipt.refunded)],
  ] as const
  return (
    <>
      <dl class={css['facts']}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <h3 class={css['head']}>{words.operations.lines}</h3>
      <ul class={css['list']}>
        {receipt.lines.map(line => (
          <li key={line.id}>
            <span>{line.name} × {line.quantity}<br /><span class={css['quiet']}>{line.service.name}. {line.reasons.map(reason => reason.text).join(' ')}</span></span>
            <strong>{money(line.net)}</strong>
          </li>
        ))}
      </ul>
      {receipt.refunds.length > 0 && (
        <>
          <h3 class={css['head']}>{words.operations.returns}</h3>
          <ul class={css['list']}>{receipt.refunds.map(one => <li key={one.id}><span>{one.number} <span class={css['quiet']}>{dayTime(one.at)}</span></span><strong>{money(one.net)}</strong></li>)}</ul>
        </>
      )}
    </>
  )
}
