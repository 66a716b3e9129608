/** The record that already stands under a receipt's number, so that the cashier can tell a repetition from another receipt. */
import { Button } from '../../shared/parts/Button.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { hourAt, sum } from '../amounts.ts'
import type { PurchaseFactsFragment } from '../graph/documents.ts'
import { say } from '../words/say.ts'

export function EarlierReceipt({ earlier, onChange }: { earlier: PurchaseFactsFragment; onChange: () => void }) {
  const time = hourAt(earlier.closedAt, earlier.outlet.timeZone)
  return (
    <Panel title={say('earlier.title', { receipt: earlier.receiptNumber, time })}>
      <div class="stack" role="alert">
        <ul class="stack">
          {earlier.lines.map(line => (
            <li key={line.id} class="spread">
              <span>{line.name}</span>
              <span class="big">{sum(line.net)}</span>
            </li>
          ))}
        </ul>
        <div class="spread">
          <span class="muted">{say('posted.paid')}</span>
          <span class="big">{sum(earlier.net)}</span>
        </div>
        <p class="note">{say(earlier.status === 'REFUNDED' ? 'earlier.refunded' : 'earlier.hint')}</p>
        <Button kind="quiet" wide onClick={onChange}>
          {say('earlier.change')}
        </Button>
      </div>
    </Panel>
  )
}
