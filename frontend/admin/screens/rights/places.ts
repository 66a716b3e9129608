/** The scopes that somebody may give: the programme, its houses and their outlets, as far as they hold the right there. */
import { useAnswer } from '../../data/query.ts'
import { holds, type Held, type Scope } from '../../data/rights.ts'
import { PlacesDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'

const NOTHING = {}

interface House {
  id: string
  name: string
  outlets: readonly { id: string; name: string }[]
}

/** Every scope there is, widest first; tills are granted where they are listed. */
export function allScopes(houses: readonly House[], programme: string): Scope[] {
  const scope = (kind: Scope['kind'], name: string, partner: string | null = null, outlet: string | null = null): Scope =>
    ({ __typename: 'Scope', kind, partner, outlet, till: null, name })
  return [
    scope('PROGRAMME', programme),
    ...houses.flatMap(house => [
      scope('PARTNER', house.name, house.id),
      ...house.outlets.map(outlet => scope('OUTLET', words.rights.outletOf(outlet.name, house.name), house.id, outlet.id)),
    ]),
  ]
}

/** What may be given with all of `codes`: the viewer holds each of them there, and each can be given there at all. */
export function givable(scopes: readonly Scope[], codes: readonly string[], held: readonly Held[], kinds?: readonly string[]): Scope[] {
  return scopes.filter(scope => (!kinds || kinds.includes(scope.kind)) && codes.every(code => holds(held, code, scope)))
}

export function useScopes(): Scope[] {
  const houses = useAnswer(PlacesDocument, NOTHING).data?.programme.partners
  return houses ? allScopes(houses, words.rights.programme) : []
}
