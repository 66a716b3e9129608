/** One GraphQL call over HTTP: a trusted document's hash goes out, its data comes back. */
import type { Trusted } from './trusted.ts'
import { language } from '../words/language.ts'

const PATIENCE_MS = 12_000

/** Nobody answered: no network, a proxy's page, or silence longer than PATIENCE_MS. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('unreachable', { cause })
  }
}

/** The server answered a query with an error; a mutation refuses with a `Problem` instead. */
export class Refused extends Error {
  readonly code: string
  readonly requestId: string | undefined
  /** The refused value, such as `input.promoCode`. */
  readonly field: string | null

  constructor(code: string, message: string, requestId?: string, field?: string) {
    super(message)
    this.code = code
    this.requestId = requestId
    this.field = field ?? null
  }
}

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string; requestId?: string; field?: string } }[]
}

export interface PostOptions {
  /** Which cookie counts when one browser holds several: the till page says 'till', the admin panel 'staff'. */
  credential?: 'till' | 'staff'
  signal?: AbortSignal
}

/** The body of a call, the same over HTTP and over the socket. */
export function callBody(hash: string, variables: unknown): Record<string, unknown> {
  return { variables, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }
}

export async function post<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables, options: PostOptions = {}): Promise<Data> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Accept-Language': language(), 'X-Kunak': '1' }
  if (options.credential) headers['X-Kunak-Credential'] = options.credential
  let answer: Answer<Data>
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify(callBody(document.documentId, variables)),
      signal: options.signal ? AbortSignal.any([options.signal, patience]) : patience,
    })
    answer = (await response.json()) as Answer<Data>
  } catch (fault) {
    throw new Unreachable(fault)
  }
  const error = answer.errors?.[0]
  if (error) throw new Refused(error.extensions?.code ?? 'INTERNAL', error.message, error.extensions?.requestId, error.extensions?.field)
  if (!answer.data) throw new Unreachable()
  return answer.data
}
