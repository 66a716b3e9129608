/** Home: the card, its code one tap away, the way to the next tier, the last purchases. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { QrIcon } from '../../../shared/parts/icons.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { money, percent } from '../../../shared/words/numbers.ts'
import { holder } from '../../code/holder.ts'
import { keepFace, loadFace, type Face } from '../../code/keys.ts'
import { whenIdle } from '../../data/idle.ts'
import { asked } from '../../data/activity.ts'
import { useParts, warm } from '../../data/parts.ts'
import { answers, session, useAnswer } from '../../data/session.ts'
import { useValue } from '../../../shared/data/value.ts'
import { Frame } from '../../frame/Frame.tsx'
import { InstallHint } from '../../frame/InstallHint.tsx'
import { late } from '../../frame/late.tsx'
import { sellsServices } from '../../frame/programme.ts'
import { Age, Empty, Failed } from '../../frame/states.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { HomeDocument, PartnersDocument, ProfileDocument, PurchasesDocument, type HomeQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { firstPage, NO_FILTERS } from '../purchases/filters.ts'
import { PurchaseRow, type Terms } from '../purchases/PurchaseRow.tsx'
import { benefitOf } from './benefits.ts'
import css from './CardScreen.module.css'
import { CodeSheet } from './CodeSheet.tsx'
import { TierCard } from './TierCard.tsx'
import { TierScale } from './TierScale.tsx'

const BalancePanel = late(() => import('../points/BalancePanel.tsx').then(part => part.BalancePanel))
const FamilyLine = late(() => import('../family/FamilyLine.tsx').then(part => part.FamilyLine))
const ShopLine = late(() => import('../shop/ShopLine.tsx').then(part => part.ShopLine))
const TierSheet = late(() => import('./TierSheet.tsx').then(part => part.TierSheet))
const NOTHING = {}
const SETTLED_MS = 3_000

/** The other tabs shall open without a network, though nobody has opened them yet. */
function prepare(): void {
  void answers.warm(PurchasesDocument, firstPage(NO_FILTERS, ''))
  void answers.warm(PartnersDocument, NOTHING)
  void answers.warm(ProfileDocument, NOTHING)
}

function faceOf({ me, programme }: HomeQuery): Face | undefined {
  if (!me) return undefined
  const { tier } = me.progress
  return { memberId: me.id, firstName: me.firstName, number: me.card.number, tierId: tier.id, tierName: tier.name, rank: programme.tiers.findIndex(one => one.id === tier.id) + 1, ranks: programme.tiers.length }
}

/** The face drawn last time stands until the server's arrives, and for as long as nobody is signed in but the key lives. */
function useFace(data: HomeQuery | undefined): Face | undefined {
  const [kept, setKept] = useState<Face>()
  const fresh = useMemo(() => data && faceOf(data), [data])
  useEffect(() => void loadFace().then(setKept), [])
  useEffect(() => {
    if (!fresh) return
    void loadFace().then(before => {
      if (before?.memberId === fresh.memberId && before.rank < fresh.rank) toast.set(words.tier.up(fresh.tierName))
      return keepFace(fresh)
    }).catch(() => undefined)
  }, [fresh])
  return fresh ?? kept
}

export function CardScreen() {
  const home = useAnswer(HomeDocument, NOTHING)
  const signed = useValue(session)
  const face = useFace(home.data)
  const [location, go] = useLocation()
  const [tiers, setTiers] = useState(false)
  const out = signed === 'out'

  useEffect(() => {
    if (signed !== 'in') return
    const callOff = whenIdle(() => void holder.refresh().catch(() => undefined))
    const timer = setTimeout(prepare, SETTLED_MS)
    return () => {
      callOff()
      clearTimeout(timer)
    }
  }, [signed])
  useEffect(() => {
    // Nobody signed in and no living key: there is no card to show here.
    if (out) void holder.loaded.then(() => { if (!holder.live()) go('/sign-in', { replace: true }) })
  }, [out])

  const me = home.data?.me
  const begun = useParts(true, 1)
  const drawn = useParts(Boolean(me), 2)
  useEffect(() => {
    if (drawn === 2) warm()
  }, [drawn])
  const awaited = me ? true : !home.data && !home.failure
  const unit = home.data?.programme.points?.unit
  const waiting = me?.points?.asked[0]
  useEffect(() => {
    if (waiting) asked.set(waiting)
  }, [waiting?.id])
  const worth = (tierId: string | undefined) => (home.data && tierId ? benefitOf(home.data.programme.partners, tierId) : undefined)
  const mine = worth(face?.tierId)
  const open = (): void => go('/card/code', { state: { moved: true } })
  const close = (): void => go('/card', { replace: true })

  return (
    <Frame title={face ? words.card.hello(face.firstName) : words.card.title} broad>
      <Age answer={home} />
      {begun > 0 && <div class={css['columns']}>
        <div class={css['column']}>
          {face
            ? <TierCard face={face} programme={home.data?.programme.name ?? ''} group={home.data?.programme.groupName ?? null} benefit={mine && benefitLine(mine, face.ranks)} onCode={open} />
            : home.failure ? <Failed /> : <div class={css['reserved']} aria-hidden="true" />}
          {me?.card.status === 'BLOCKED'
            ? <Notice kind="warning">{words.card.blocked}</Notice>
            : <Button wide icon={<QrIcon />} onClick={open}>{words.card.show}</Button>}
          <InstallHint />
        </div>
        <div class={css['column']}>
          {out && face && (
            <Notice kind="info" title={words.card.signInTitle} action={<ButtonLink kind="quiet" href="/sign-in">{words.signIn.submit}</ButtonLink>}>{words.card.signInNote}</Notice>
          )}
          {me && drawn > 0 && home.data!.programme.tiers.length > 1 && <TierScale progress={me.progress} term={me.tierTerm} tiers={home.data!.programme.tiers} next={worth(me.progress.next?.id)} together={me.family !== null && home.data!.programme.family?.sharesProgress === true} onAll={() => setTiers(true)} />}
          {drawn > 0 && me?.points && unit && <BalancePanel balance={me.points} unit={unit} linked />}
          {me && drawn > 0 && home.data!.programme.family && <FamilyLine family={me.family} seats={home.data!.programme.family.seats} unit={unit} />}
          {me && drawn > 0 && sellsServices() && <ShopLine />}
          {me && drawn > 0 && <Totals totals={me.totals} />}
          {me && drawn > 1 && <Latest items={me.purchases.items} terms={home.data!.programme} />}
          {awaited && drawn < 1 && <><Skeleton height={204} /><Skeleton height={82} /></>}
          {awaited && drawn < 2 && <Skeleton height={290} />}
        </div>
      </div>}
      {location === '/card/code' && <CodeSheet face={face} blocked={me?.card.status === 'BLOCKED'} onClose={close} />}
      {tiers && me && <TierSheet programme={home.data!.programme} mine={me.progress.tier.id} onClose={() => setTiers(false)} />}
    </Frame>
  )
}

function benefitLine(benefit: ReturnType<typeof benefitOf>, ranks: number): string | undefined {
  if (benefit.most === null) return ranks > 1 ? words.card.none : undefined
  return benefit.flat ? words.card.flat(percent(benefit.most)) : words.card.upTo(percent(benefit.most))
}

function Totals({ totals }: { totals: NonNullable<HomeQuery['me']>['totals'] }) {
  return (
    <Panel>
      <dl class={css['totals']}>
        <div><dt>{words.card.purchases}</dt><dd class="sum">{money(totals.purchases)}</dd></div>
        <div><dt>{words.card.saved}</dt><dd class="sum">{money(totals.saved)}</dd></div>
      </dl>
    </Panel>
  )
}

function Latest({ items, terms }: { items: NonNullable<HomeQuery['me']>['purchases']['items']; terms: Terms }) {
  if (items.length === 0) return <Panel title={words.card.last}><Empty title={words.card.first} note={words.card.firstNote} /></Panel>
  return (
    <Panel title={words.card.last} aside={<Link class={css['all']!} href="/purchases">{words.page.all}</Link>}>
      <ul>{items.map(one => <PurchaseRow key={one.id} purchase={one} terms={terms} href={`/purchases?purchase=${one.id}`} />)}</ul>
    </Panel>
  )
}
