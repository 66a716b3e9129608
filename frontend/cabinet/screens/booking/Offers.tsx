/** What a hotel has: the member's price beside the public one, and the conditions in plain words. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { kopecks, money, percent } from '../../../shared/words/numbers.ts'
import { Empty } from '../../frame/states.tsx'
import type { RoomsQuery } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { bookingWords } from './words.ts'

type Found = RoomsQuery['searchRooms']
type Offer = Found['rooms'][number]['offers'][number]
const FEW = 3

export function Offers({ found, onBook }: { found: Found; onBook: (offers: string[]) => void }) {
  const text = bookingWords()
  const [chosen, setChosen] = useState<Record<number, Offer>>({})
  const single = found.rooms.length === 1
  const count = found.rooms.reduce((all, room) => all + room.offers.length, 0)
  if (found.rooms.some(room => room.offers.length === 0)) return <Panel><div role="status"><Empty title={text.none} note={text.noneNote} /></div></Panel>
  const picked = found.rooms.map((_, place) => chosen[place])
  const total = picked.reduce((sum, offer) => sum + (offer ? kopecks(offer.net) : 0), 0)
  return (
    <div class={css['found']}>
      <p class={css['note']} role="status">{text.found(count)}, {text.nights(found.nights)}</p>
      {found.rooms.map((room, place) => (
        <section key={place} class={css['found']} aria-label={single ? undefined : text.room(place + 1)}>
          {!single && <h2 class={css['legend']}>{text.room(place + 1)}: {text.party(room.adults, room.childAges.length)}</h2>}
          <ul class={css['offers']}>
            {room.offers.map(offer => (
              <OfferCard key={offer.offer} offer={offer} tier={found.tier.name} taken={chosen[place] === offer}>
                {single
                  ? <Button wide label={`${text.book}: ${offer.name}, ${offer.rate}`} onClick={() => onBook([offer.offer])}>{text.book}</Button>
                  : (
                    <label class={css['pick']}>
                      <input type="radio" name={`room-${place}`} checked={chosen[place] === offer} onChange={() => setChosen({ ...chosen, [place]: offer })} />
                      <span>{text.choose}<span class="unseen">: {offer.name}, {offer.rate}</span></span>
                    </label>
                  )}
              </OfferCard>
            ))}
          </ul>
        </section>
      ))}
      {!single && (
        <div class={css['sum']}>
          {picked.some(offer => !offer)
            ? <p class={css['note']}>{text.chooseEvery}</p>
            : <Button wide onClick={() => onBook(picked.flatMap(offer => (offer ? [offer.offer] : [])))}>{text.bookFor(money(total))}</Button>}
        </div>
      )}
    </div>
  )
}

function OfferCard({ offer, tier, taken, children }: { offer: Offer; tier: string; taken: boolean; children: preact.ComponentChildren }) {
  const text = bookingWords()
  const { room } = offer
  const cheaper = kopecks(offer.discount) > 0
  const facts = [room?.squareMetres && text.metres(room.squareMetres), offer.meal, ...(room?.amenities.slice(0, FEW) ?? [])].filter(Boolean)
  return (
    <li class={classes(css['offer'], taken && css['taken'])}>
      {room?.pictures[0] && <img class={css['picture']} src={room.pictures[0]} alt={text.photo(offer.name)} width="480" height="320" loading="lazy" decoding="async" />}
      <div class={css['about']}>
        <h3 class={css['name']}>{offer.name}</h3>
        <p class={css['note']}>{offer.rate}{offer.rateAbout && `. ${offer.rateAbout}`}</p>
        {facts.length > 0 && <p class={css['facts']}>{facts.join(' · ')}</p>}
        <p class={css['facts']}>{offer.conditions.text}</p>
        {offer.left <= FEW && <p class={css['few']}>{text.left(offer.left)}</p>}
      </div>
      <div class={css['price']}>
        {cheaper && <p class={css['note']}>{text.public} <s class="sum">{money(offer.price)}</s></p>}
        <p><span class={css['note']}>{text.yours}</span> <strong class={classes(css['mine'], 'sum')}>{money(offer.net)}</strong></p>
        <p class={cheaper ? css['gain'] : css['note']}>{cheaper ? text.off(percent(offer.discountPercent), tier) : text.noOff}</p>
        {offer.accumulates && <p class={css['note']}>{text.counts}</p>}
        {kopecks(offer.tax) > 0 && <p class={css['note']}>{text.tax(money(offer.tax))}</p>}
        {children}
      </div>
    </li>
  )
}
