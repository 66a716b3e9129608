/** Which of two profiles stays, what they will be together, and making them one for a reason. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { told } from '../../../shared/words/points.ts'
import { answers, send } from '../../data/session.ts'
import { MergeMembersDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Facts } from '../cards/Facts.tsx'
import { useKey } from '../../parts/key.ts'
import { firstStays, obstacles, together } from './outcome.ts'
import type { Pair } from './PairScreen.tsx'
import { Profile } from './Profile.tsx'
import css from './twins.module.css'
import { twinWords } from './words.ts'

export function Decision({ pair }: { pair: Pair }) {
  const text = twinWords()
  const { one, other, unit } = pair
  const [kept, setKept] = useState(() => (firstStays(one, other) ? one.id : other.id))
  const key = useKey()
  const [asked, setAsked] = useState(false)
  const [stays, goes] = kept === one.id ? [one, other] : [other, one]
  const inTheWay = obstacles(stays, goes)
  const merge = async (reason: string): Promise<string | undefined> => {
    const answer = await send(MergeMembersDocument, { input: { survivor: stays.id, duplicate: goes.id, reason, idempotencyKey: key(`${stays.id} ${reason}`) } })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.merged)
    setAsked(false)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <Panel><Choices name="kept" legend={text.keep} value={kept} options={[[one.id, one.number], [other.id, other.number]]} onChange={setKept} /></Panel>
      <div class={css['pair']}>
        <Profile member={one} unit={unit} role={kept === one.id ? 'stays' : 'goes'} />
        <Profile member={other} unit={unit} role={kept === other.id ? 'stays' : 'goes'} />
      </div>
      <Panel title={text.result}>
        <Result pair={pair} />
        {inTheWay.length > 0
          ? <Notice kind="warning" role="status" title={text.obstaclesTitle}>{inTheWay.map(one => <p key={one}>{text.obstacles[one]}</p>)}</Notice>
          : <div class={css['actions']}><Button onClick={() => setAsked(true)}>{text.merge}</Button></div>}
      </Panel>
      {asked && <ReasonDialog title={text.mergeTitle(stays.number, goes.number)} note={`${text.mergeNote} ${text.undoNote}`} action={text.merge} onConfirm={merge} onClose={() => setAsked(false)} />}
    </>
  )
}

function Result({ pair: { one, other, unit } }: { pair: Pair }) {
  const text = twinWords()
  const sums = together(one, other)
  const points = (count: number | undefined): string | false => count !== undefined && unit !== undefined && told(count, unit)
  return (
    <>
      <Facts facts={[
        [text.tier, text.tierAnew],
        [text.accumulated, sums.accumulated !== undefined && money(sums.accumulated)],
        [text.bought, sums.bought !== undefined && money(sums.bought)], [text.saved, sums.saved !== undefined && money(sums.saved)],
        [text.available, points(sums.available)], [text.pending, points(sums.pending || undefined)], [text.held, points(sums.held || undefined)],
      ]} />
      <h3 class={css['head']}>{text.follows}</h3>
      <ul class={css['points']}>{text.followsList.map(line => <li key={line}>{line}</li>)}</ul>
      <h3 class={css['head']}>{text.ends}</h3>
      <ul class={css['points']}>{text.endsList.map(line => <li key={line}>{line}</li>)}</ul>
      <p class={css['note']}>{text.undoNote}</p>
    </>
  )
}
