/** Who is here, what each put in, spent and has left; what of one's own the others see; and what the head may do. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { FamilyPurchasesDocument, OfferFamilyHeadDocument, RemoveFamilySeatDocument, ShowFamilyPurchasesDocument } from '../../graph/documents.ts'
import css from './Family.module.css'
import type { Family, Rules } from './FamilyScreen.tsx'
import { useOrder } from './order.ts'
import { familyWords } from './words.ts'

type Seat = Family['seats'][number]

const NOTHING = {}

export function PeoplePanel({ family, rules, unit }: { family: Family; rules: Rules; unit: Unit }) {
  const text = familyWords()
  const [looked, setLooked] = useState<Seat>()
  const [removed, setRemoved] = useState<Seat>()
  const mine = family.seats.find(seat => seat.mine)!
  return (
    <Panel title={text.people} aside={<span class={css['note']}>{text.seats(family.seats.length, rules.seats)}</span>}>
      <ul>
        {family.seats.map(seat => (
          <Person key={seat.id} seat={seat} pooled={family.pool !== null} unit={unit} isHead={family.role === 'HEAD'} onLook={() => setLooked(seat)} onRemove={() => setRemoved(seat)} />
        ))}
      </ul>
      <Showing shows={mine.showsPurchases} />
      {looked && <PurchasesSheet seat={looked} onClose={() => setLooked(undefined)} />}
      {removed && <RemovingSheet seat={removed} unit={unit} onClose={() => setRemoved(undefined)} />}
    </Panel>
  )
}

interface PersonProps {
  seat: Seat
  pooled: boolean
  unit: Unit
  isHead: boolean
  onLook: () => void
  onRemove: () => void
}

function Person({ seat, pooled, unit, isHead, onLook, onRemove }: PersonProps) {
  const text = familyWords()
  const offer = useOrder(OfferFamilyHeadDocument)
  const about = [seat.mine && text.me, text.roles[seat.role]].filter(Boolean).join(', ')
  const did = [seat.given > 0 && text.contributed(told(seat.given, unit)), seat.spent > 0 && text.spent(told(seat.spent, unit))].filter(Boolean).join(', ')
  const manages = isHead && !seat.mine
  return (
    <li class={css['person']}>
      <span class={css['face']} aria-hidden="true">{seat.name[0]}</span>
      <div class={css['row']}>
        <span class={css['who']}>{seat.name}</span>
        {pooled && seat.left > 0 && <span class={css['count']}>{text.left(told(seat.left, unit))}</span>}
        <span class={css['sub']}>{[about, seat.counted !== null && text.progress.part(money(seat.counted)), pooled && (did || text.nothingGiven)].filter(Boolean).join(' · ')}</span>
        {seat.offeredHead && !seat.mine && <span class={css['sub']}>{text.offered(seat.name)}. {text.offerNote}</span>}
        {offer.problem !== undefined && <Notice kind="danger" role="alert">{offer.problem}</Notice>}
        {(manages || (seat.showsPurchases && !seat.mine)) && (
          <span class={css['links']}>
            {seat.showsPurchases && !seat.mine && <button type="button" onClick={onLook} aria-label={`${text.look}: ${seat.name}`}>{text.look}</button>}
            {manages && seat.role === 'ADULT' && (
              <button type="button" disabled={offer.busy} aria-label={`${seat.offeredHead ? text.offerBack : text.offer}: ${seat.name}`} onClick={() => void offer.send({ seat: seat.offeredHead ? null : seat.id })}>
                {seat.offeredHead ? text.offerBack : text.offer}
              </button>
            )}
            {manages && <button type="button" onClick={onRemove} aria-label={`${text.remove}: ${seat.name}`}>{text.remove}</button>}
          </span>
        )}
      </div>
    </li>
  )
}

function Showing({ shows }: { shows: boolean }) {
  const text = familyWords()
  const order = useOrder(ShowFamilyPurchasesDocument)
  const [wish, setWish] = useState<boolean>()
  const change = async (next: boolean): Promise<void> => {
    setWish(next)
    await order.send({ shows: next })
    setWish(undefined)
  }
  return (
    <div class={css['actions']}>
      <Check name="shows" checked={wish ?? shows} disabled={order.busy} error={order.problem} onChange={next => void change(next)}>{text.show}</Check>
      <p class={css['note']}>{text.showNote}</p>
    </div>
  )
}

function PurchasesSheet({ seat, onClose }: { seat: Seat; onClose: () => void }) {
  const text = familyWords()
  const answer = useAnswer(FamilyPurchasesDocument, NOTHING)
  return (
    <Sheet title={text.purchasesOf(seat.name)} onClose={onClose}>
      <Shown answer={answer} skeleton={<Skeleton height={200} />}>
        {({ me }) => {
          const items = me?.family?.seats.find(one => one.id === seat.id)?.purchases?.items ?? []
          if (items.length === 0) return <Empty title={text.purchasesNone} />
          return (
            <ul>
              {items.map(one => (
                <li key={one.id} class={css['row']}>
                  <span class={css['who']}>{one.partner.name}</span>
                  <span class={css['count']}>{money(one.net)}</span>
                  <span class={css['sub']}>{[dayTime(one.closedAt, true), one.outlet.city, one.outlet.name].filter(Boolean).join(' · ')}</span>
                </li>
              ))}
            </ul>
          )
        }}
      </Shown>
    </Sheet>
  )
}

function RemovingSheet({ seat, unit, onClose }: { seat: Seat; unit: Unit; onClose: () => void }) {
  const text = familyWords()
  const order = useOrder(RemoveFamilySeatDocument)
  const remove = async (): Promise<void> => {
    if (!('done' in (await order.send({ seat: seat.id })))) return
    toast.set(text.removed)
    onClose()
  }
  return (
    <Sheet title={text.removeTitle} onClose={onClose}>
      <div class={css['stack']}>
        <p>{text.removeNote(seat.name)} {seat.left > 0 && text.removeBack(told(seat.left, unit))}</p>
        {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
        <Button kind="danger" wide busy={order.busy} onClick={() => void remove()}>{text.remove}</Button>
        <Button kind="quiet" wide onClick={onClose}>{text.keep}</Button>
      </div>
    </Sheet>
  )
}
