/** How every outside system and every queue of ours is, what is wrong with it, and what to do. */
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime, money, percent, time } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useRefresh } from '../../data/refresh.ts'
import { useRight } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { OutsideSystemsQuery } from '../../graph/documents.ts'
import { OutsideSystemsDocument } from '../../graph/late.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { Rows, Shown } from '../../parts/states.tsx'
import css from './status.module.css'
import { statusWords } from './words.ts'

const RIGHT = 'settings.manage'
const NOTHING = {}
type System = OutsideSystemsQuery['outsideSystems'][number]
const TONES: Record<System['state'], Tone> = { FAILING: 'danger', ATTENTION: 'warning', WORKING: 'success', UNUSED: 'plain' }
const ORDER: readonly System['state'][] = ['FAILING', 'ATTENTION', 'WORKING', 'UNUSED']
/** Nobody calls these: they are called, or they are our own. */
const CALLED: readonly System['kind'][] = ['PLUGINS']
const OWN: readonly System['kind'][] = ['INBOX', 'JOBS']

export function StatusScreen() {
  const allowed = useRight(RIGHT)
  return <Screen title={statusWords().title} right={RIGHT}>{allowed && <Systems />}</Screen>
}

function Systems() {
  const text = statusWords()
  const answer = useAnswer(OutsideSystemsDocument, NOTHING)
  const { stopped, again } = useRefresh()
  return (
    <>
      <p class={css['intro']}>{text.note}</p>
      {stopped && <div class={css['stopped']}><Notice role="status" action={<Button kind="quiet" onClick={again}>{text.resume}</Button>}>{text.stopped}</Notice></div>}
      <Shown answer={answer} skeleton={<Rows count={4} height={140} />}>
        {({ outsideSystems }) => {
          const troubled = outsideSystems.filter(one => one.troubles.length > 0).length
          const sorted = [...outsideSystems].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state))
          return (
            <>
              <p class={css['sum']} role="status">{troubled > 0 ? text.troubled(troubled) : text.well}{answer.at !== undefined && <span>{text.asOf(time(answer.at))}</span>}</p>
              <div class={css['list']}>{sorted.map(one => <SystemPanel key={one.id} system={one} />)}</div>
            </>
          )
        }}
      </Shown>
    </>
  )
}

function SystemPanel({ system }: { system: System }) {
  const text = statusWords()
  const share = system.calls > 0 ? percent(String(Math.round(system.failures * 100 / system.calls))) : ''
  return (
    <Panel title={system.name} aside={<Badge tone={TONES[system.state]}>{text.states[system.state]}</Badge>}>
      <p class={css['kind']}>{text.kinds[system.kind]}</p>
      <dl class={css['facts']}>
        {!OWN.includes(system.kind) && <><dt>{CALLED.includes(system.kind) ? text.lastCall : text.answered}</dt><dd>{system.answeredAt ? dayTime(system.answeredAt) : text.never}</dd></>}
        <dt>{text.waiting}</dt><dd>{system.waiting > 0 ? [system.waiting, system.waitingSince && text.since(dayTime(system.waitingSince))].filter(Boolean).join(', ') : text.nothing}</dd>
        {!OWN.includes(system.kind) && !CALLED.includes(system.kind) && <><dt>{text.calls}</dt><dd>{system.calls > 0 ? [system.calls, system.failures > 0 && text.failures(system.failures, share)].filter(Boolean).join(', ') : text.none}</dd></>}
        {system.balance && <><dt>{text.balance}</dt><dd>{money(system.balance)}</dd></>}
      </dl>
      {system.troubles.length > 0 && (
        <div class={css['troubles']}>
          {system.troubles.map(one => <Notice key={one.code} kind={system.state === 'FAILING' ? 'danger' : 'warning'} title={one.text}>{one.advice}</Notice>)}
        </div>
      )}
      {system.heldUntil && <p class={css['detail']}>{text.held(time(system.heldUntil))}</p>}
      {system.troubles.length > 0 && system.detail && system.failedAt && <p class={css['detail']}>{text.said(dayTime(system.failedAt))} <code>{system.detail}</code></p>}
    </Panel>
  )
}
