/** Rights that two people grant: what waits for a decision, then what was decided. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { DecideGrantRequestDocument, RequestsDocument, RightsDocument, type RequestFragment } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { DiffList } from './DiffList.tsx'
import type { RightRow } from './HeldRights.tsx'
import css from './rights.module.css'

const NOTHING = {}
const TONES = { WAITING: 'warning', APPROVED: 'success', REJECTED: 'danger', EXPIRED: 'plain', STALE: 'plain' } as const

export function RequestsScreen() {
  return <Screen title={words.requests.title} right="grant.manage" narrow><Requests /></Screen>
}

function Requests() {
  const answer = useAnswer(RequestsDocument, NOTHING)
  const table = useAnswer(RightsDocument, NOTHING).data?.rights ?? []
  const [deciding, setDeciding] = useState<{ request: RequestFragment; approve: boolean }>()
  const confirm = async (reason: string): Promise<string | undefined> => {
    if (!deciding) return undefined
    const said = await send(DecideGrantRequestDocument, { id: deciding.request.id, approve: deciding.approve, reason })
    if ('problem' in said) return said.problem.message
    toast.set(deciding.approve ? words.requests.approved : words.requests.rejected)
    setDeciding(undefined)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <p class={css['note']}>{words.requests.note}</p>
      <Shown answer={answer} skeleton={<Rows count={3} height={140} />}>
        {({ grantRequests }) => grantRequests.length === 0
          ? <Panel><Empty title={words.requests.empty} note={words.requests.emptyNote} /></Panel>
          : <div class={css['stack']}>{grantRequests.map(one => <Request key={one.id} request={one} table={table} onDecide={approve => setDeciding({ request: one, approve })} />)}</div>}
      </Shown>
      {deciding && (
        <ReasonDialog
          title={(deciding.approve ? words.requests.approveTitle : words.requests.rejectTitle)(nameOf(deciding.request))}
          action={deciding.approve ? words.requests.approve : words.requests.reject} danger={!deciding.approve}
          onConfirm={confirm} onClose={() => setDeciding(undefined)}
        >
          <DiffList diff={deciding.request.diff} table={table} />
        </ReasonDialog>
      )}
    </>
  )
}

function nameOf(request: RequestFragment): string {
  return request.staff ? words.requests.forPerson(request.staff.name) : words.requests.forRole(request.role?.name ?? '')
}

function Request({ request, table, onDecide }: { request: RequestFragment; table: readonly RightRow[]; onDecide: (approve: boolean) => void }) {
  const waiting = request.state === 'WAITING'
  return (
    <Panel title={nameOf(request)} aside={<Badge tone={TONES[request.state]}>{words.requests.states[request.state]}</Badge>}>
      <p class={css['note']}>
        {words.requests.asked(request.requestedBy, dayTime(request.requestedAt))}: «{request.reason}».{' '}
        {waiting ? words.requests.until(dayTime(request.expiresAt)) : request.decidedBy && request.decidedAt && words.requests.decided(request.decidedBy, dayTime(request.decidedAt))}
      </p>
      <DiffList diff={request.diff} table={table} />
      {waiting && (request.mine
        ? <p class={css['note']}>{words.requests.mine}</p>
        : (
          <div class={css['actions']}>
            <Button onClick={() => onDecide(true)}>{words.requests.approve}</Button>
            <Button kind="danger" onClick={() => onDecide(false)}>{words.requests.reject}</Button>
          </div>
        ))}
    </Panel>
  )
}
