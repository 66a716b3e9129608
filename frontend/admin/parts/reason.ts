/** Every change of the staff's has a reason: it stands in the log. */
import { words } from '../words/words.ts'

const REASON_LENGTH_MIN = 3

export function reasonFault(reason: string): string | undefined {
  if (reason.trim() === '') return words.panel.required
  return [...reason.trim()].length < REASON_LENGTH_MIN ? words.panel.tooShortReason : undefined
}
