/** Names of the coalition's houses. */
import { useAnswer } from '../../data/query.ts'
import { PlacesDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'

const NOTHING = {}

/** Nobody's house in particular is the whole programme. */
export function useHouses(): (id: string | null | undefined) => string {
  const partners = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  return id => (id ? partners.find(one => one.id === id)?.name ?? id : words.people.wholeHouse)
}

export function useHouseChoices(): { value: string; name: string }[] {
  const partners = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  return [{ value: '', name: words.person.houseAll }, ...partners.map(({ id, name }) => ({ value: id, name }))]
}
