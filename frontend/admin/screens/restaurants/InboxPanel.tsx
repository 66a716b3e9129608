/** What the cloud told and nobody could work off, with the reason, and another look at it. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { holds, useViewer } from '../../data/rights.ts'
import { answers, send } from '../../data/session.ts'
import type { RestaurantsQuery } from '../../graph/documents.ts'
import { ReplayRestaurantInboxDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Empty } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import css from './restaurants.module.css'
import { restaurantWords } from './words.ts'

type Inbox = RestaurantsQuery['restaurantInbox']
const WHOLE = { kind: 'PROGRAMME' } as const

export function InboxPanel({ inbox }: { inbox: Inbox }) {
  const text = restaurantWords()
  const viewer = useViewer()
  const [asked, setAsked] = useState(false)
  const replay = async (reason: string): Promise<string | undefined> => {
    const answer = await send(ReplayRestaurantInboxDocument, { reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.replayed(answer.done.count))
    setAsked(false)
    await answers.stir()
    return undefined
  }
  const may = inbox.aside > 0 && viewer !== null && holds(viewer.rights, 'pos.manage', WHOLE)
  return (
    <Panel title={text.inbox} aside={may && <Button kind="quiet" onClick={() => setAsked(true)}>{text.replay}</Button>}>
      <p class={css['line']}>{inbox.waiting > 0 && inbox.waitingSince ? text.waiting(inbox.waiting, dayTime(inbox.waitingSince)) : text.nothingWaits}</p>
      {inbox.aside === 0
        ? <Empty title={text.asideNone} note={text.asideNote} />
        : (
          <>
            <p class={css['line']}>{text.aside(inbox.aside)}. {inbox.aside > inbox.newest.length && text.asideFirst(inbox.newest.length)}</p>
            <div class={css['inner']}>
              <table class={table['table']}>
                <thead><tr><th scope="col">{text.what}</th><th scope="col">{text.restaurant}</th><th scope="col">{text.when}</th><th scope="col">{text.why}</th></tr></thead>
                <tbody>
                  {inbox.newest.map(one => (
                    <tr key={one.id}>
                      <th scope="row"><span class={table['main']}>{text.kinds[one.kind]}</span><span class={table['sub']}>{one.title}</span></th>
                      <td data-name={text.restaurant}>{one.restaurant ?? text.unknownRestaurant}</td>
                      <td data-name={text.when} class={table['when']}>{dayTime(one.at)}</td>
                      <td data-name={text.why}>{one.fault ?? '—'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      {asked && <ReasonDialog title={text.replayTitle} note={text.replayNote} action={text.replay} onConfirm={replay} onClose={() => setAsked(false)} />}
    </Panel>
  )
}
