/** Two profiles alike that are two people's: said for a reason, listed, and taken back. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { usePages } from '../../data/query.ts'
import { answers, send } from '../../data/session.ts'
import type { DismissalRowFragment } from '../../graph/documents.ts'
import { DismissedPairsDocument, DismissPairDocument, RestorePairDocument } from '../../graph/late.ts'
import { useKey } from '../../parts/key.ts'
import { More } from '../../parts/More.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Failed } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import css from './twins.module.css'
import { twinWords } from './words.ts'

const PAGE_ROWS = 10

interface Side { id: string; number: string }

export function DismissButton({ one, other }: { one: Side; other: Side }) {
  const text = twinWords()
  const key = useKey()
  const [asked, setAsked] = useState(false)
  const dismiss = async (reason: string): Promise<string | undefined> => {
    const answer = await send(DismissPairDocument, { input: { one: one.id, other: other.id, reason, idempotencyKey: key(reason) } })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.dismissed)
    setAsked(false)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <Button kind="quiet" label={text.dismissOf(one.number, other.number)} onClick={() => setAsked(true)}>{text.dismiss}</Button>
      {asked && <ReasonDialog title={text.dismissTitle(one.number, other.number)} note={text.dismissNote} action={text.dismiss} onConfirm={dismiss} onClose={() => setAsked(false)} />}
    </>
  )
}

export function RestoreButton({ said }: { said: DismissalRowFragment }) {
  const text = twinWords()
  const key = useKey()
  const [asked, setAsked] = useState(false)
  const restore = async (reason: string): Promise<string | undefined> => {
    const answer = await send(RestorePairDocument, { dismissal: said.id, reason, key: key(reason) })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.restored)
    setAsked(false)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <Button kind="quiet" label={text.restoreOf(said.olderNumber, said.newerNumber)} onClick={() => setAsked(true)}>{text.restore}</Button>
      {asked && <ReasonDialog title={text.restoreTitle(said.olderNumber, said.newerNumber)} note={text.restoreNote} action={text.restore} onConfirm={restore} onClose={() => setAsked(false)} />}
    </>
  )
}

/** What was said of pairs, with the way back; nothing where nothing was. */
export function ApartPanel() {
  const text = twinWords()
  const pages = usePages(DismissedPairsDocument, { first: PAGE_ROWS }, data => data.dismissedPairs)
  const items = pages.answer.data?.items ?? []
  if (pages.answer.failure && !pages.answer.data) return <Panel title={text.apart}><Failed /></Panel>
  if (items.length === 0) return null
  return (
    <Panel title={text.apart}>
      <p class={css['note']}>{text.apartNote}</p>
      <table class={`${table['table']} ${css['flat']}`}>
        <thead>
          <tr>
            <th scope="col">{text.when}</th><th scope="col">{text.older}</th><th scope="col">{text.newer}</th><th scope="col">{text.common}</th>
            <th scope="col">{text.why}</th><th scope="col"><span class="unseen">{text.restore}</span></th>
          </tr>
        </thead>
        <tbody>
          {items.map(one => (
            <tr key={one.id}>
              <th scope="row" class={table['when']}>{dayTime(one.dismissedAt, true)}</th>
              <td data-name={text.older}><Link href={`/members/${one.older}`} aria-label={text.pageOf(one.olderNumber)}>{one.olderNumber}</Link></td>
              <td data-name={text.newer}><Link href={`/members/${one.newer}`} aria-label={text.pageOf(one.newerNumber)}>{one.newerNumber}</Link></td>
              <td data-name={text.common}>{one.signs.map(sign => text.signs[sign]).join(', ')}</td>
              <td data-name={text.why}>{one.reason}</td>
              <td><RestoreButton said={one} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <More pages={pages} />
    </Panel>
  )
}
