/** Points: what there is, when it ends lot by lot, and every change with its reason, place and rule. */
import { useEffect, useState } from 'preact/hooks'
import { Link, Redirect } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { post } from '../../../shared/graph/post.ts'
import { day, dayTime, integer } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { PointsPageDocument, type MoveFragment, type PointsPageQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { BalancePanel, dateOf } from './BalancePanel.tsx'
import css from './Points.module.css'
import { signed, told, type Unit } from '../../../shared/words/points.ts'
import { pointsWords } from './words.ts'

type Me = NonNullable<PointsPageQuery['me']>
type Lot = NonNullable<Me['points']>['lots'][number]

const FIRST = { after: null }

export function PointsScreen() {
  const answer = useAnswer(PointsPageDocument, FIRST)
  const unit = answer.data?.programme.points?.unit
  return (
    <Frame title={unit?.name ?? (answer.failure ? pointsWords().title : '')} broad>
      <Shown answer={answer} skeleton={<div class={css['columns']}><Skeleton height={140} /><Skeleton height={420} /></div>}>
        {({ me, programme }) => {
          if (me && !programme.points) return <Redirect to="/card" replace />
          if (!me?.points || !programme.points) return null
          const { unit } = programme.points
          return (
            <div class={css['columns']}>
              <div class={css['asked']}>
                <BalancePanel balance={me.points} unit={unit} />
                <Lots lots={me.points.lots} unit={unit} />
              </div>
              <History first={me.pointsHistory} unit={unit} byPhone={programme.identify.includes('PHONE')} />
            </div>
          )
        }}
      </Shown>
    </Frame>
  )
}

function Lots({ lots, unit }: { lots: readonly Lot[]; unit: Unit }) {
  const text = pointsWords()
  if (lots.length === 0) return null
  return (
    <Panel title={text.lots}>
      <p class={css['note']}>{text.lotsNote}</p>
      <ul>
        {lots.map(lot => (
          <li key={lot.id} class={css['row']}>
            <span class={css['what']}>{lot.points === lot.issued ? told(lot.points, unit) : text.lot(told(lot.points, unit), integer(lot.issued))}</span>
            <span class={css['sub']}>
              {lot.status === 'PENDING' && lot.activatesAt ? text.from(day(dateOf(lot.activatesAt))) : lot.lastDay ? text.until(day(lot.lastDay, true)) : text.forever}
              {', '}{lot.issuer ? text.issuer(lot.issuer.name) : text.programme}
              {lot.purchase && <>{'. '}<Link href={`/purchases?purchase=${lot.purchase}`}>{text.open}</Link></>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function History({ first, unit, byPhone }: { first: Me['pointsHistory']; unit: Unit; byPhone: boolean }) {
  const text = pointsWords()
  const [later, setLater] = useState<Pick<Me['pointsHistory'], 'items' | 'next'>>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  // A new change on top moves the border between the pages: what was loaded behind it no longer fits.
  useEffect(() => setLater(undefined), [first.next])
  const items = later ? [...first.items, ...later.items] : first.items
  const next = later ? later.next : first.next
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      const { me } = await post(PointsPageDocument, { after: next })
      if (me) setLater({ items: [...(later?.items ?? []), ...me.pointsHistory.items], next: me.pointsHistory.next })
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  if (items.length === 0) return <Panel title={text.history}><Empty title={text.none(unit.name)} note={byPhone ? text.nonePhone : text.noneNote} /></Panel>
  return (
    <Panel title={text.history}>
      <p class="unseen" role="status">{text.shown(items.length)}</p>
      <ul>{items.map(move => <Row key={move.id} move={move} unit={unit} />)}</ul>
      {state === 'failed' && <Notice kind="danger" role="alert">{text.moreFailed}</Notice>}
      {next !== null && <Button kind="quiet" wide busy={state === 'busy'} onClick={() => void more()}>{state === 'failed' ? words.page.retry : text.more}</Button>}
    </Panel>
  )
}

/** What moved without a gain or a loss shows how much of it moved. */
function moved(move: MoveFragment): number {
  return move.points === 0 ? Math.max(Math.abs(move.available), Math.abs(move.pending), Math.abs(move.held)) : move.points
}

function Row({ move, unit }: { move: MoveFragment; unit: Unit }) {
  const text = pointsWords()
  // The sentence names the partner and the receipt; here is where in the town, and under which rules.
  const place = [move.outlet?.city, move.outlet?.name].filter(Boolean).join(', ')
  const source = [place, move.programmeVersion && text.rules(move.programmeVersion)].filter(Boolean)
  const still = move.points === 0
  return (
    <li class={css['row']}>
      <span class={css['what']}>{text.kinds[move.kind]}</span>
      <span class={classes(css['count'], still && css['quiet'], move.points > 0 && css['gain'])}>{still ? told(moved(move), unit) : signed(move.points, unit)}</span>
      <span class={css['sub']}>{move.reason.text}</span>
      <span class={css['sub']}>
        {dayTime(move.at, true)}
        {source.length > 0 && ` · ${source.join(' · ')}`}
      </span>
      {move.purchase && <span class={css['sub']}><Link href={`/purchases?purchase=${move.purchase}`}>{text.open}</Link></span>}
    </li>
  )
}
