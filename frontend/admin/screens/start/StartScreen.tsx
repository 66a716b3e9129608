/** The first page: what waits, the first steps of a new programme, and the way into every section one may open. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { TickIcon } from '../../../shared/parts/icons.tsx'
import { useAnswer } from '../../data/query.ts'
import { holds, useViewer } from '../../data/rights.ts'
import type { Viewer } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { opened } from '../../frame/sections.ts'
import { FirstStepsDocument, RightsDocument, WaitingRequestsDocument } from '../../graph/documents.ts'
import { Empty, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { HeldRights } from '../rights/HeldRights.tsx'
import css from './start.module.css'

const NOTHING = {}
const ENOUGH_CODES = 4

interface Step {
  name: 'second' | 'codes'
  note: string
  href: string
  done: boolean
}

export function StartScreen() {
  const viewer = useViewer()
  if (!viewer) return null
  const open = opened(viewer.rights)
  return (
    <Screen title={words.start.hello(viewer.name)}>
      <div class={css['stack']}>
        {holds(viewer.rights, 'grant.manage') && <Waiting />}
        {holds(viewer.rights, 'admin.manage') && <FirstSteps viewer={viewer} />}
        {open.length === 0 && <NoSections viewer={viewer} />}
        <ul class={css['tiles']}>
          {open.map(({ href, name, Icon }) => (
            <li key={href}>
              <Link href={href} class={css['tile']}>
                <span class={css['icon']}><Icon /></span>
                <span><strong>{words.sections[name]}</strong><span>{words.start.about[name]}</span></span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Screen>
  )
}

/** Nobody is left before an empty page: what one holds is said, even where no page uses it yet. */
function NoSections({ viewer }: { viewer: Viewer }) {
  const table = useAnswer(RightsDocument, NOTHING)
  if (viewer.rights.length === 0) return <Panel><Empty title={words.start.nothing} note={words.start.nothingNote} /></Panel>
  return (
    <Panel title={words.start.rights}>
      <p class={css['lead']}>{words.start.rightsNote}</p>
      <Shown answer={table} skeleton={<Skeleton height={160} />}>{data => <HeldRights table={data.rights} held={viewer.rights} />}</Shown>
    </Panel>
  )
}

function Waiting() {
  const requests = useAnswer(WaitingRequestsDocument, NOTHING).data?.grantRequests
  const waiting = requests?.filter(one => one.state === 'WAITING' && !one.mine).length ?? 0
  return waiting > 0 && <Link href="/requests" class={css['waiting']}>{words.start.waiting(waiting)}</Link>
}

/** There as long as something is left to do. */
function FirstSteps({ viewer }: { viewer: Viewer }) {
  const staff = useAnswer(FirstStepsDocument, NOTHING).data?.staffMembers.items
  if (!staff) return null
  const steps: Step[] = [
    { name: 'second', note: words.start.steps.secondNote, href: '/people/new', done: staff.length > 1 },
    { name: 'codes', note: words.start.steps.codesNote(viewer.recoveryCodesLeft), href: '/me', done: viewer.recoveryCodesLeft >= ENOUGH_CODES },
  ]
  const done = steps.filter(step => step.done).length
  if (done === steps.length) return null
  return (
    <Panel title={words.start.first} aside={<span class={css['count']}>{words.start.firstDone(done, steps.length)}</span>}>
      <ul class={css['steps']}>
        {steps.map(step => (
          <li key={step.name} class={css['step']} data-done={step.done}>
            <span class={css['mark']} aria-hidden="true">{step.done && <TickIcon />}</span>
            <span>
              {step.done ? <>{words.start.steps[step.name]}<span class="unseen"> · {words.start.done}</span></> : <Link href={step.href}>{words.start.steps[step.name]}</Link>}
              <span class={css['note']}>{step.note}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
