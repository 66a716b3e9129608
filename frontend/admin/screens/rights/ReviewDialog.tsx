/** What the server says the change amounts to, the reason for it, and the press that saves it or asks a second person. */
import { useEffect, useState } from 'preact/hooks'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { ask, send } from '../../data/session.ts'
import { GrantPreviewDocument, SaveGrantsDocument, type DiffFragment, type PersonFragment } from '../../graph/documents.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { words } from '../../words/words.ts'
import { DiffList } from './DiffList.tsx'
import { grantInput, type DraftGrant } from './draft.ts'
import type { RightRow } from './HeldRights.tsx'

interface ReviewDialogProps {
  person: PersonFragment
  version: number
  grants: readonly DraftGrant[]
  table: readonly RightRow[]
  onClose: () => void
  onSaved: (requested: boolean) => void
  onConflict: (theirs: PersonFragment) => void
}

export function ReviewDialog({ person, version, grants, table, onClose, onSaved, onConflict }: ReviewDialogProps) {
  const [preview, setPreview] = useState<DiffFragment | { failed: string }>()
  const input = grants.map(grantInput)
  useEffect(() => {
    ask(GrantPreviewDocument, { staff: person.id, grants: input }).then(
      data => setPreview(data.grantPreview),
      (fault: unknown) => setPreview({ failed: fault instanceof Error && fault.message !== 'unreachable' ? fault.message : words.state.failedNote }),
    )
  }, [])
  const save = async (reason: string): Promise<string | undefined> => {
    const answer = await send(SaveGrantsDocument, { input: { staff: person.id, version, grants: input, reason } })
    if ('problem' in answer) return answer.problem.message
    if (answer.done.__typename === 'StaffVersionConflict') onConflict(answer.done.staff)
    else onSaved(answer.done.__typename === 'GrantsRequested')
    return undefined
  }
  const two = preview !== undefined && 'needsTwo' in preview && preview.needsTwo
  return (
    <ReasonDialog title={words.rights.reviewTitle(person.name)} action={two ? words.rights.request : words.rights.save} onConfirm={save} onClose={onClose}>
      {preview === undefined && <Skeleton height={80} radius={8} />}
      {preview !== undefined && ('failed' in preview
        ? <Notice kind="danger" role="alert">{preview.failed}</Notice>
        : <DiffList diff={preview} table={table} />)}
      {two && <Notice kind="warning">{words.rights.needsTwo}</Notice>}
    </ReasonDialog>
  )
}
