/** What a return did with the guest's points, in one line each way. */
import { told, type Unit } from '../../shared/words/points.ts'
import type { Moved } from '../sale/state.ts'
import { say } from '../words/say.ts'

export function MovedPoints({ points, unit }: { points: Moved; unit: Unit | null }) {
  if (points === null || unit === null) return null
  return (
    <>
      {points.givenBack > 0 && <p class="note">{say('points.givenBack', { points: told(points.givenBack, unit) })}</p>}
      {points.takenBack > 0 && <p class="note">{say('points.takenBack', { points: told(points.takenBack, unit) })}</p>}
    </>
  )
}
