/** Booking a hotel of the programme: search, terms, a yes, and what became of it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { Refused, post } from '../../../shared/graph/post.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { HotelsDocument, RoomsDocument, type HotelsQuery, type RoomsQuery } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { BookingSheet } from './BookingSheet.tsx'
import { MyBookings } from './MyBookings.tsx'
import { Offers } from './Offers.tsx'
import { Others } from './Others.tsx'
import { SearchForm } from './SearchForm.tsx'
import { TermsSheet } from './TermsSheet.tsx'
import { asked, begun, type Wish } from './wish.ts'
import { bookingWords } from './words.ts'

const NOTHING = {}

type State =
  | { kind: 'idle' }
  | { kind: 'busy' }
  | { kind: 'found'; found: RoomsQuery['searchRooms'] }
  | { kind: 'failed'; message: string; field: string | null }

/** Kept while the cabinet is open: whoever looks at the card in between finds the dates again. */
let kept: Wish | undefined

export function BookingScreen() {
  const text = bookingWords()
  const [query] = useSearchParams()
  const [, go] = useLocation()
  const answer = useAnswer(HotelsDocument, NOTHING)
  const open = query.get('booking')
  return (
    <Frame title={text.title} broad>
      <Shown answer={answer} skeleton={<div class={css['columns']}><Skeleton height={420} /><Skeleton height={160} /></div>}>
        {({ hotels }) => hotels.length === 0
          ? <Panel><Empty title={text.noHotels} note={text.noHotelsNote} /></Panel>
          : <Search hotels={hotels} wanted={query.get('hotel')} looking={open !== null} onMade={id => go(`/booking?booking=${id}`, { state: { moved: true } })} />}
      </Shown>
      {open && <BookingSheet key={open} id={open} onClose={() => (history.state as { moved?: boolean } | null)?.moved ? history.back() : go('/booking', { replace: true })} />}
    </Frame>
  )
}

function Search({ hotels, wanted, looking, onMade }: { hotels: HotelsQuery['hotels']; wanted: string | null; looking: boolean; onMade: (id: string) => void }) {
  const text = bookingWords()
  const today = new Date().toLocaleDateString('sv')
  const [wish, setWish] = useState<Wish>(() => begun(kept, hotels.map(one => one.id), wanted, today))
  const [state, setState] = useState<State>({ kind: 'idle' })
  const [offers, setOffers] = useState<string[]>()
  const results = useRef<HTMLDivElement>(null)
  const ofCode = state.kind === 'failed' && state.field === 'input.promoCode'
  // On a phone the form fills the screen: that it is looked for, and what came of it, is brought into view.
  useEffect(() => {
    if (state.kind !== 'idle' && !ofCode) results.current?.scrollIntoView({ block: 'start' })
  }, [state.kind])
  const change = (next: Wish): void => {
    kept = next
    setWish(next)
    if (state.kind !== 'busy') setState({ kind: 'idle' })
  }
  const find = async (wanted: Wish): Promise<void> => {
    setState({ kind: 'busy' })
    try {
      const { searchRooms } = await post(RoomsDocument, { input: asked(wanted) })
      setState({ kind: 'found', found: searchRooms })
    } catch (fault) {
      setState(fault instanceof Refused ? { kind: 'failed', message: fault.message, field: fault.field } : { kind: 'failed', message: navigator.onLine ? text.away : text.offline, field: null })
    }
  }
  const choose = (hotel: string): void => {
    const next = { ...wish, hotel, code: '' }
    change(next)
    void find(next)
  }
  return (
    <div class={css['columns']}>
      <div>
        <SearchForm hotels={hotels} wish={wish} today={today} busy={state.kind === 'busy'} codeError={ofCode ? state.message : undefined} onChange={change} onFind={() => void find(wish)} />
      </div>
      <div ref={results} class={css['results']}>
        {state.kind === 'idle' && <Hotel hotel={hotels.find(one => one.id === wish.hotel)} />}
        {state.kind === 'busy' && <><p class={css['note']} role="status">{text.searching}</p><div class={css['found']} aria-busy="true">{[0, 1, 2].map(row => <Skeleton key={row} height={200} />)}</div></>}
        {state.kind === 'failed' && !ofCode && <Notice kind="danger" role="alert" title={text.failed} action={<Button kind="quiet" onClick={() => void find(wish)}>{text.again}</Button>}>{state.message}</Notice>}
        {state.kind === 'found' && <Offers found={state.found} onBook={setOffers} />}
        {state.kind === 'found' && hotels.length > 1 && <Others wish={wish} onChoose={choose} />}
      </div>
      <div class={css['own']}><MyBookings looking={looking} /></div>
      {offers && <TermsSheet offers={offers} onClose={() => setOffers(undefined)} onMade={id => { setOffers(undefined); setState({ kind: 'idle' }); onMade(id) }} />}
    </div>
  )
}

/** The chosen hotel, before anything was searched. */
function Hotel({ hotel }: { hotel: HotelsQuery['hotels'][number] | undefined }) {
  if (!hotel) return null
  return (
    <Panel title={hotel.name}>
      {hotel.pictures[0] && <img class={css['cover']} src={hotel.pictures[0]} alt={bookingWords().photo(hotel.name)} width="480" height="320" decoding="async" />}
      <p class={css['note']}>{hotel.about}</p>
    </Panel>
  )
}
