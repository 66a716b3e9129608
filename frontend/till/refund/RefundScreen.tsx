/** A return: find the receipt, choose what goes back, record it. */
import { Button } from '../../shared/parts/Button.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { sum } from '../amounts.ts'
import type { Unit } from '../../shared/words/points.ts'
import { MovedPoints } from '../parts/Moved.tsx'
import { Title } from '../parts/Title.tsx'
import { Told } from '../parts/Told.tsx'
import { Tick } from '../parts/Tick.tsx'
import { useWatched } from '../parts/watched.ts'
import { say } from '../words/say.ts'
import type { Counter } from './counter.ts'
import { FindForm } from './FindForm.tsx'
import { FoundReceipt } from './FoundReceipt.tsx'
import { leftNet } from './left.ts'
import type { Done } from './state.ts'

interface RefundProps {
  counter: Counter
  till: string
  unit: Unit | null
  now: () => number
  onLeave: () => void
}

export function RefundScreen({ counter, till, unit, now, onLeave }: RefundProps) {
  const refunding = useWatched(counter)
  const again = (): void => counter.send({ kind: 'again', id: crypto.randomUUID() })
  if (refunding.done !== null) return <DoneScreen done={refunding.done} unit={unit} onAgain={again} onLeave={onLeave} />
  if (refunding.found === null) return <FindForm counter={counter} refunding={refunding} />
  return (
    <div class="stack">
      <Title>{say('refund.title')}</Title>
      {refunding.notice && <Told notice={refunding.notice} />}
      <FoundReceipt counter={counter} refunding={refunding} found={refunding.found} till={till} now={now} onAgain={again} />
    </div>
  )
}

function DoneScreen({ done, unit, onAgain, onLeave }: { done: Done; unit: Unit | null; onAgain: () => void; onLeave: () => void }) {
  const left = leftNet(done.purchase)
  return (
    <div class="stack">
      <Tick title={say('refund.done')} note={say('refund.doneHint', { number: done.number, receipt: done.purchase.receiptNumber })} returned />
      <Panel>
        <dl class="stack">
          <div class="spread">
            <dt class="headline">{say('refund.toReturn')}</dt>
            <dd class="huge">{sum(done.net)}</dd>
          </div>
          <MovedPoints points={done.points} unit={unit} />
          {left > 0 && <p class="note">{say('refund.stillLeft', { sum: sum(left) })}</p>}
        </dl>
      </Panel>
      <Button
        wide
        onClick={() => {
          onAgain()
          onLeave()
        }}
      >
        {say('refund.toSale')}
      </Button>
      <Button kind="quiet" wide onClick={onAgain}>
        {say('refund.again')}
      </Button>
    </div>
  )
}
