/** Filters of a list live in its address: a link shows the same rows to a colleague. */
import { useEffect, useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'

const TYPING_PAUSE_MS = 350

export type Filters<Name extends string> = Record<Name, string>

export function readFilters<Name extends string>(query: URLSearchParams, names: readonly Name[]): Filters<Name> {
  return Object.fromEntries(names.map(name => [name, query.get(name) ?? ''])) as Filters<Name>
}

export function writeFilters<Name extends string>(filters: Filters<Name>): string {
  const query = new URLSearchParams(Object.entries<string>(filters).filter(([, value]) => value !== ''))
  return query.size > 0 ? `?${query.toString()}` : ''
}

interface Held<Name extends string> {
  filters: Filters<Name>
  any: boolean
  set: (change: Partial<Filters<Name>>) => void
  reset: () => void
}

export function useFilters<Name extends string>(names: readonly Name[]): Held<Name> {
  const [query] = useSearchParams()
  const [location, go] = useLocation()
  const filters = readFilters(query, names)
  const show = (next: Filters<Name>): void => go(location + writeFilters(next), { replace: true })
  return {
    filters,
    any: names.some(name => filters[name] !== ''),
    set: change => show({ ...filters, ...change }),
    reset: () => show(readFilters(new URLSearchParams(), names)),
  }
}

/** What is being typed, told on once the hand rests. */
export function useTyped(value: string, tell: (value: string) => void): [string, (value: string) => void] {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => tell(typed.trim()), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return [typed, setTyped]
}
