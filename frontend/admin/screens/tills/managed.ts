/** The houses and outlets whose tills one may run. */
import { useAnswer } from '../../data/query.ts'
import { holds, useViewer } from '../../data/rights.ts'
import { PlacesDocument } from '../../graph/documents.ts'

const NOTHING = {}
const RIGHT = 'pos.manage'

interface House {
  id: string
  name: string
  outlets: readonly { id: string; name: string }[]
}

export function useManaged(): House[] {
  const viewer = useViewer()
  const partners = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  if (!viewer) return []
  return partners
    .map(house => ({ ...house, outlets: house.outlets.filter(outlet => holds(viewer.rights, RIGHT, { kind: 'OUTLET', partner: house.id, outlet: outlet.id, till: null })) }))
    .filter(house => house.outlets.length > 0)
}
