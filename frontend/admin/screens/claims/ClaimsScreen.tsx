/** Receipts that guests claim: what waits for somebody who can look at the till, and what was decided. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { useFilters } from '../../data/filters.ts'
import { usePages } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { ClaimQueueDocument, DecideClaimDocument, type ClaimRowFragment, type ClaimStatus } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import filterCss from '../../parts/FilterBar.module.css'
import { useKey } from '../../parts/key.ts'
import { More } from '../../parts/More.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from './claims.module.css'
import { claimWords } from './words.ts'

const PAGE_ROWS = 20
const NAMES = ['status'] as const
const STATUSES: readonly ClaimStatus[] = ['OPEN', 'MATCHED', 'CREDITED', 'REJECTED', 'EXPIRED']
const TONES = { OPEN: 'warning', MATCHED: 'plain', CREDITED: 'success', REJECTED: 'danger', EXPIRED: 'plain' } as const
const ALL = 'all'

export function ClaimsScreen() {
  return <Screen title={claimWords().title} right="operation.view" narrow><Claims /></Screen>
}

function Claims() {
  const text = claimWords()
  const { filters, set } = useFilters(NAMES)
  const status = filters.status === ALL ? null : (STATUSES.find(one => one === filters.status) ?? 'OPEN')
  const pages = usePages(ClaimQueueDocument, { first: PAGE_ROWS, status }, data => data.claims)
  const [deciding, setDeciding] = useState<{ row: ClaimRowFragment; approve: boolean }>()
  return (
    <>
      <p class={css['intro']}>{text.note}</p>
      <div class={filterCss['bar']}>
        <SelectField label={text.status} name="status" value={status ?? ALL} onChange={next => set({ status: next })} choices={[...STATUSES.map(value => ({ value, name: text.states[value] })), { value: ALL, name: text.any }]} />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={3} height={140} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
          : <div class={css['stack']}>{items.map(row => <Claim key={row.claim.id} row={row} onDecide={approve => setDeciding({ row, approve })} />)}<More pages={pages} /></div>}
      </Shown>
      {deciding && <Decision {...deciding} onClose={() => setDeciding(undefined)} />}
    </>
  )
}

function Claim({ row, onDecide }: { row: ClaimRowFragment; onDecide: (approve: boolean) => void }) {
  const text = claimWords()
  const { claim } = row
  const mayDecide = useRight('operation.manage')
  const facts = [text.receipt(claim.receiptNumber), day(claim.businessDate, true), ...(row.fiscalDocument ? [text.fiscal(row.fiscalDocument)] : [])]
  return (
    <Panel title={`${claim.partner.name} · ${claim.outlet.name}`} aside={<Badge tone={TONES[claim.status]}>{text.states[claim.status]}</Badge>}>
      <p class={css['sum']}>{money(claim.net)}</p>
      <p class={css['facts']}>{facts.join(' · ')}</p>
      <p class={css['note']}>{[text.card(row.member), text.asked(dayTime(claim.createdAt)), ...(claim.decidedAt ? [text.decided(dayTime(claim.decidedAt))] : [])].join(' · ')}</p>
      {claim.reason && <p class={css['facts']}>{claim.reason}</p>}
      {claim.status === 'OPEN' && mayDecide && (
        <div class={css['actions']}>
          <Button onClick={() => onDecide(true)}>{text.approve}</Button>
          <Button kind="danger" onClick={() => onDecide(false)}>{text.reject}</Button>
        </div>
      )}
    </Panel>
  )
}

function Decision({ row, approve, onClose }: { row: ClaimRowFragment; approve: boolean; onClose: () => void }) {
  const text = claimWords()
  const [service, setService] = useState(row.services[0]?.id ?? '')
  const { id, receiptNumber } = row.claim
  const key = useKey()
  const confirm = async (reason: string): Promise<string | undefined> => {
    const said = await send(DecideClaimDocument, { id, approve, reason, service: approve ? service : null, key: key(`${service} ${reason}`) })
    if ('problem' in said) return said.problem.message
    const { status, reason: why } = said.done.entry.claim
    toast.set(status === 'REJECTED' && approve ? (why ?? text.rejected) : approve ? text.approved : text.rejected)
    onClose()
    await answers.stir()
    return undefined
  }
  return (
    <ReasonDialog
      title={(approve ? text.approveTitle : text.rejectTitle)(receiptNumber)} note={approve ? text.approveNote : text.rejectNote}
      action={approve ? text.approve : text.reject} danger={!approve} onConfirm={confirm} onClose={onClose}
    >
      {approve && row.services.length > 1 && <SelectField label={text.service} name="service" value={service} onChange={setService} choices={row.services.map(one => ({ value: one.id, name: one.name }))} />}
    </ReasonDialog>
  )
}
