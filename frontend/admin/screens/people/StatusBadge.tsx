/** Whether somebody of the staff can work. */
import type { StaffStatus } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { words } from '../../words/words.ts'

const TONES = { INVITED: 'info', ACTIVE: 'success', BLOCKED: 'danger' } as const

export function StatusBadge({ status }: { status: StaffStatus }) {
  return <Badge tone={TONES[status]}>{words.people.statuses[status]}</Badge>
}
