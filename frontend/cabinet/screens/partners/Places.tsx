/** Where a partner of many places can be found: a search by city or street, a page at a time, asked for when it is opened. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { post } from '../../../shared/graph/post.ts'
import { PlacesDocument, type PlacesQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Places.module.css'

type Place = PlacesQuery['outlets']['items'][number]

const PAUSE_MS = 250

export function Places({ partner, count }: { partner: string; count: number }) {
  const [open, setOpen] = useState(false)
  return (
    <details class={css['places']} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{words.partners.places(count)}</summary>
      {open && <Search partner={partner} />}
    </details>
  )
}

function Search({ partner }: { partner: string }) {
  const [search, setSearch] = useState('')
  const [found, setFound] = useState<PlacesQuery['outlets']>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('busy')
  const ask = async (after: string | null, before: Place[], current: () => boolean): Promise<void> => {
    setState('busy')
    try {
      const { outlets } = await post(PlacesDocument, { partner, search: search.trim(), after })
      if (!current()) return
      setFound({ ...outlets, items: [...before, ...outlets.items] })
      setState('idle')
    } catch {
      if (current()) setState('failed')
    }
  }
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(() => void ask(null, [], () => wanted), found ? PAUSE_MS : 0)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [search])

  return (
    <div class={css['search']}>
      <Field label={words.partners.search} name="place" kind="search" value={search} onInput={setSearch} maxLength={100} />
      {!found && state === 'busy' && <Skeleton height={160} />}
      {found && <p class="unseen" role="status">{words.partners.placesShown(found.items.length)}</p>}
      {found?.items.length === 0 && <p class={css['none']}>{words.partners.placesNone}</p>}
      {found && byCity(found.items).map(([city, places]) => (
        <section key={places[0]!.id} class={css['city']}>
          <h3>{city}</h3>
          <ul>{places.map(place => <li key={place.id}>{place.address}</li>)}</ul>
        </section>
      ))}
      {state === 'failed' && <Notice kind="danger" role="alert">{words.partners.placesFailed}</Notice>}
      {state === 'failed' && !found && <Button kind="quiet" wide onClick={() => void ask(null, [], () => true)}>{words.page.retry}</Button>}
      {found?.next && <Button kind="quiet" wide busy={state === 'busy'} onClick={() => void ask(found.next, found.items, () => true)}>{state === 'failed' ? words.page.retry : words.partners.placesMore}</Button>}
    </div>
  )
}

/** Neighbours of one city under one heading, in the order they came. */
function byCity(places: readonly Place[]): [string, Place[]][] {
  const groups: [string, Place[]][] = []
  for (const place of places) {
    const last = groups.at(-1)
    if (last && last[0] === (place.city ?? '')) last[1].push(place)
    else groups.push([place.city ?? '', [place]])
  }
  return groups
}
