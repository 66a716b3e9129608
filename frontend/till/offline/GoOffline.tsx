/** The way on where nobody answers: the sale is taken down here and recorded when there is a network again. */
import { Button } from '../../shared/parts/Button.tsx'
import type { Desk } from '../sale/desk.ts'
import { say } from '../words/say.ts'
import { mayGoOffline } from './steps.ts'

export function GoOffline({ desk }: { desk: Desk }) {
  const { scan } = desk.state
  if (!mayGoOffline(desk.state)) return scan.phase === 'idle' ? null : <p class="note">{say('offline.notByPhone')}</p>
  return (
    <Button kind="quiet" wide onClick={() => desk.goOffline()}>
      {say('offline.go')}
    </Button>
  )
}
