/** The restaurants' cloud: connections with their gaps, what was put aside, and the nightly comparison. */
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useRefresh } from '../../data/refresh.ts'
import { useRight } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { RestaurantsQuery } from '../../graph/documents.ts'
import { RestaurantsDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import { ComparisonPanel } from './ComparisonPanel.tsx'
import { InboxPanel } from './InboxPanel.tsx'
import css from './restaurants.module.css'
import { restaurantWords } from './words.ts'

const RIGHT = 'plugin.view'
const DAYS = { days: 14 }
type House = RestaurantsQuery['restaurantConnections'][number]
type Place = House['places'][number]

export function RestaurantsScreen() {
  const allowed = useRight(RIGHT)
  const text = restaurantWords()
  return (
    <Screen title={text.title} right={RIGHT}>
      <p class={css['intro']}>{text.note}</p>
      {allowed && <Restaurants />}
    </Screen>
  )
}

function Restaurants() {
  const text = restaurantWords()
  const answer = useAnswer(RestaurantsDocument, DAYS)
  const { stopped, again } = useRefresh()
  return (
    <>
      {stopped && <div class={css['notice']}><Notice role="status" action={<Button kind="quiet" onClick={again}>{text.resume}</Button>}>{text.stopped}</Notice></div>}
      <Shown answer={answer} skeleton={<Rows count={3} height={160} />}>
        {({ restaurantConnections, restaurantInbox, restaurantComparison }) => (
          <div class={css['stack']}>
            {restaurantConnections.length === 0
              ? <Panel><Empty title={text.empty} note={restaurantInbox.isConnected ? text.emptyConnected : text.emptyNote} /></Panel>
              : restaurantConnections.map(one => <HousePanel key={one.id} house={one} />)}
            {(restaurantConnections.length > 0 || restaurantInbox.aside > 0) && <InboxPanel inbox={restaurantInbox} />}
            {restaurantConnections.length > 0 && <ComparisonPanel comparison={restaurantComparison} />}
          </div>
        )}
      </Shown>
    </>
  )
}

function HousePanel({ house }: { house: House }) {
  const text = restaurantWords()
  const facts: [string, string, boolean][] = [
    [text.looked, house.lookedAt ? dayTime(house.lookedAt) : text.never, false],
    [text.revision, house.revision ?? text.never, false],
    [text.synced, dayTime(house.syncedAt), false],
    [text.dishes, String(house.dishes), false],
    [text.discount, house.hasDiscount ? text.hasDiscount : text.noDiscount, !house.hasDiscount],
  ]
  return (
    <Panel title={house.name} aside={<State house={house} />}>
      {house.trouble && <div class={css['notice']}><Notice kind="danger" title={text.fails}>{house.trouble}</Notice></div>}
      <dl class={css['facts']}>{facts.map(([name, value, gap]) => <div key={name}><dt>{name}</dt><dd class={gap ? css['gap'] : undefined}>{value}</dd></div>)}</dl>
      <div class={css['inner']}>
        <table class={table['table']}>
          <thead><tr><th scope="col">{text.place}</th><th scope="col">{text.outlet}</th><th scope="col">{text.groups}</th></tr></thead>
          <tbody>{house.places.map(one => <PlaceRow key={one.id} place={one} />)}</tbody>
        </table>
      </div>
    </Panel>
  )
}

function State({ house }: { house: House }) {
  const text = restaurantWords()
  const ours = house.places.filter(one => one.outlet !== null)
  if (house.trouble) return <Badge tone="danger">{text.fails}</Badge>
  if (ours.length === 0) return <Badge>{text.unlinked}</Badge>
  const gaps = !house.hasDiscount || ours.some(isUnsaid)
  return <Badge tone={gaps ? 'warning' : 'success'}>{gaps ? text.gaps : text.works}</Badge>
}

/** Groups that nobody spoke of, with nothing that they would be sold as. */
function isUnsaid(place: Place): boolean {
  return place.unmappedGroups.length > 0 && place.usualService === null
}

function PlaceRow({ place }: { place: Place }) {
  const text = restaurantWords()
  return (
    <tr>
      <th scope="row"><span class={table['main']}>{place.name}</span></th>
      <td data-name={text.outlet}>{place.outlet ?? <span class={css['gap']}>{text.notOurs}</span>}{place.linkedAt && <span class={table['sub']}>{dayTime(place.linkedAt, true)}</span>}</td>
      <td data-name={text.groups}>
        {place.outlet === null ? '—' : (
          <>
            {text.mapped(place.groups.length)}
            {place.unmappedGroups.length > 0 && <span class={`${table['sub']} ${isUnsaid(place) ? css['gap'] : ''}`}>{text.unmapped(place.unmappedGroups.length)}: {place.usualService ? text.usual(place.usualService) : text.noUsual}</span>}
            {place.groups.length + place.unmappedGroups.length > 0 && (
              <details class={css['more']}>
                <summary>{text.showGroups}<span class="unseen">, {place.name}</span></summary>
                <ul class={css['groups']}>
                  {place.unmappedGroups.map(name => <li key={name}>{name} — {text.noService}</li>)}
                  {place.groups.map(one => <li key={one.name}>{one.name} — {one.service}</li>)}
                </ul>
              </details>
            )}
          </>
        )}
      </td>
    </tr>
  )
}
