/** What the signed-in person may do: the same words the server checks again at every request. */
import { useValue } from '../../shared/data/value.ts'
import { session, type Viewer } from './session.ts'

export type Held = Viewer['rights'][number]
export type Scope = Held['scope']

/** Where a scope lies: each narrower one names the wider ones it lies in. */
export type Place = Pick<Scope, 'kind'> & { partner?: string | null; outlet?: string | null; till?: string | null }

/** Whether the whole of `inner` lies in `outer`. */
export function covers(outer: Place, inner: Place): boolean {
  if (outer.kind === 'PROGRAMME') return true
  if (outer.kind === 'PARTNER') return inner.kind !== 'PROGRAMME' && outer.partner === inner.partner
  if (outer.kind === 'OUTLET') return (inner.kind === 'OUTLET' || inner.kind === 'TILL') && outer.outlet === inner.outlet
  return inner.kind === 'TILL' && outer.till === inner.till
}

/** Whether a right is held anywhere, or for the whole of a place. */
export function holds(rights: readonly Held[], code: string, place?: Place): boolean {
  return rights.some(one => one.code === code && (!place || covers(one.scope, place)))
}

export function useViewer(): Viewer | null {
  const now = useValue(session)
  return now.state === 'in' || now.state === 'ended' ? now.viewer : null
}

export function useRight(code: string): boolean {
  const viewer = useViewer()
  return viewer !== null && holds(viewer.rights, code)
}
