/** The widget's two questions to the programme's server: without cookies, with an end to patience. */

/** Where this script came from is whom it asks; nothing else is configured. */
export const HOME = new URL(import.meta.url).origin
/** How long a hotel's page waits for us before it is as it would be without. */
export const PATIENCE_MS = 2_000

interface Cell {
  discountPercent: string
  tier: { id: string; name: string }
}

export interface Offer {
  service: { id: string; name: string }
  discount: { mine: Cell | null; byTier: Cell[] }
}

export interface Site {
  programme: string
  tier: { id: string; name: string } | null
  bookingLink: string
  joinLink: string
  offers: Offer[]
}

const CELL = '{ discountPercent tier { id name } }'
const SITE = `query Widget($partner: ID!) { site(partner: $partner) { programme tier { id name } bookingLink joinLink offers { service { id name } discount { mine ${CELL} byTier ${CELL} } } } }`
const EXCHANGE = `mutation Exchange($code: String!, $verifier: String!) { exchangeSiteCode(code: $code, verifier: $verifier) { __typename ... on SiteToken { token expiresAt } ... on Problem { code } } }`

async function ask<Data>(query: string, variables: Record<string, string>, language: string, token?: string): Promise<Data> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Accept-Language': language }
  if (token) headers['Authorization'] = `Bearer ${token}`
  const answer = await fetch(`${HOME}/graphql`, {
    method: 'POST', mode: 'cors', credentials: 'omit', cache: 'no-store', redirect: 'error',
    headers, body: JSON.stringify({ query, variables }), signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const told = await answer.json() as { data?: Data; errors?: { message: string }[] }
  if (!told.data) throw new Error(told.errors?.[0]?.message ?? `status ${answer.status}`)
  return told.data
}

export async function site(partner: string, language: string, token?: string): Promise<Site> {
  return (await ask<{ site: Site }>(SITE, { partner }, language, token)).site
}

/** The token of a code; undefined where the server says no. */
export async function exchange(code: string, verifier: string, language: string): Promise<string | undefined> {
  const { exchangeSiteCode: told } = await ask<{ exchangeSiteCode: { token?: string } }>(EXCHANGE, { code, verifier }, language)
  return told.token
}
