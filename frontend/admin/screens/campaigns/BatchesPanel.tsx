/** Promo codes of a campaign by their batches: made here, told once, cancelled for good. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day, dayTime } from '../../../shared/words/numbers.ts'
import { answers, send } from '../../data/session.ts'
import type { CodeBatchFragment } from '../../graph/documents.ts'
import { CancelPromoBatchDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import table from '../../parts/table.module.css'
import css from './campaigns.module.css'
import type { CampaignOfPage } from './CampaignScreen.tsx'
import { CodesSheet } from './CodesSheet.tsx'
import { campaignWords } from './words.ts'

export function BatchesPanel({ campaign }: { campaign: CampaignOfPage }) {
  const text = campaignWords()
  const [making, setMaking] = useState(false)
  const [ending, setEnding] = useState<CodeBatchFragment>()
  const cancel = async (reason: string): Promise<string | undefined> => {
    if (!ending) return undefined
    const answer = await send(CancelPromoBatchDocument, { batch: ending.id, reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.cancelDone)
    setEnding(undefined)
    await answers.stir()
    return undefined
  }
  return (
    <Panel title={text.codes} aside={<Button kind="quiet" onClick={() => setMaking(true)}>{text.make}</Button>}>
      {campaign.batches.length === 0
        ? <p class={css['note']}>{text.noCodes}</p>
        : (
          <table class={`${table['table']} ${css['flat']}`}>
            <thead>
              <tr>
                <th scope="col">{text.label}</th><th scope="col">{text.count}</th><th scope="col">{text.used}</th><th scope="col">{text.until}</th>
                <th scope="col">{text.made}</th><th scope="col"><span class="unseen">{text.cancel}</span></th>
              </tr>
            </thead>
            <tbody>
              {campaign.batches.map(one => (
                <tr key={one.id}>
                  <th scope="row" class={table['main']}>{one.label}</th>
                  <td data-name={text.count}>{one.codes}</td>
                  <td data-name={text.used}>{text.ofUses(one.used, one.codes * one.uses)}</td>
                  <td data-name={text.until}>{one.lastDay ? day(one.lastDay, true) : text.noEnd}</td>
                  <td data-name={text.made} class={table['when']}>{dayTime(one.createdAt, true)}</td>
                  <td>{one.cancelledAt ? <><Badge>{text.cancelled}</Badge><span class={table['sub']}>{dayTime(one.cancelledAt, true)}</span></> : <Button kind="quiet" label={text.cancelLabel(one.label)} onClick={() => setEnding(one)}>{text.cancel}</Button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      {making && <CodesSheet campaign={campaign.id} onClose={() => setMaking(false)} />}
      {ending && <ReasonDialog title={text.cancelTitle(ending.label)} note={text.cancelNote} action={text.cancel} danger onConfirm={cancel} onClose={() => setEnding(undefined)} />}
    </Panel>
  )
}
