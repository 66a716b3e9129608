/** What a hotel's page asked for in the address of its window; undefined where something is missing. */

export interface Asked {
  partner: string
  origin: string
  challenge: string
  state: string
}

const SECRET = /^[\w-]{43}$/

export function asked(query: URLSearchParams): Asked | undefined {
  const [partner, origin, challenge, state] = ['partner', 'origin', 'challenge', 'state'].map(name => query.get(name) ?? '')
  if (!partner || !origin || !challenge || !state || !SECRET.test(challenge) || !SECRET.test(state)) return undefined
  return { partner, origin, challenge, state }
}

/** The site as people read it: without the scheme that every site has. */
export function siteName(origin: string): string {
  return origin.replace(/^https:\/\//, '')
}

/** The answer goes to pages of exactly this origin, or nowhere. */
export function tell({ origin, state }: Asked, code?: string): void {
  const page = window.opener as Window | null
  page?.postMessage(code === undefined ? { kunak: 'denied', state } : { kunak: 'allowed', state, code }, origin)
}
