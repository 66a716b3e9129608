/** What the other hotels cost at least on the same days: a way on, above all where the chosen one is full. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { post } from '../../../shared/graph/post.ts'
import { money } from '../../../shared/words/numbers.ts'
import { ComparedDocument, type ComparedQuery } from '../../graph/documents.ts'
import css from './Booking.module.css'
import type { Wish } from './wish.ts'
import { bookingWords } from './words.ts'

type Priced = ComparedQuery['compareHotels']['hotels']

/** Shows nothing while it is asked and where it cannot be known: the rooms that were found stand without it. */
export function Others({ wish, onChoose }: { wish: Wish; onChoose: (hotel: string) => void }) {
  const text = bookingWords()
  const [hotels, setHotels] = useState<Priced>([])
  useEffect(() => {
    const { arrival, departure, rooms } = wish
    let left = false
    void post(ComparedDocument, { input: { arrival, departure, rooms } }).then(({ compareHotels }) => left || setHotels(compareHotels.hotels)).catch(() => undefined)
    return () => {
      left = true
    }
  }, [wish])
  const others = hotels.filter(one => one.hotel.id !== wish.hotel)
  if (others.length === 0) return null
  return (
    <Panel title={text.others}>
      <ul>
        {others.map(({ hotel, net }) => (
          <li key={hotel.id} class={css['row']}>
            <div class={css['other']}>
              <span class={css['name']}>{hotel.name}</span>
              {net === null
                ? <span class={css['note']}>{text.full}</span>
                : <Button kind="quiet" label={`${hotel.name}: ${text.from(money(net))}`} onClick={() => onChoose(hotel.id)}>{text.from(money(net))}</Button>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
