/** A mutation sent once: what came back, or one sentence about why nothing did. */
import { Refused, post } from '../../shared/graph/post.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'
import { words } from '../words/words.ts'

interface ProblemLike {
  __typename: 'Problem'
  code: string
  message: string
  field?: string | null
  retryAfterSeconds?: number | null
}

export type Done<Result> = Exclude<Result, { __typename: 'Problem' }>

export type Attempt<Result> = { done: Done<Result> } | { problem: { code: string; message: string; field: string | null } }

/** The union of the mutation's only field; no network and server faults become a problem of the same shape. */
export async function attempt<Data extends Record<string, { __typename: string }>, Variables>(
  document: Trusted<Data, Variables>, variables: Variables,
): Promise<Attempt<Data[keyof Data]>> {
  try {
    const data = await post(document, variables)
    const result = Object.values(data)[0] as Data[keyof Data]
    if (result.__typename !== 'Problem') return { done: result as Done<Data[keyof Data]> }
    const { code, message, field, retryAfterSeconds } = result as unknown as ProblemLike
    const wait = retryAfterSeconds ? ` ${words.page.wait(duration(retryAfterSeconds))}` : ''
    return { problem: { code, message: message + wait, field: field ?? null } }
  } catch (fault) {
    const message = fault instanceof Refused ? fault.message : words.page.unreachable
    return { problem: { code: fault instanceof Refused ? fault.code : 'UNREACHABLE', message, field: null } }
  }
}

export function duration(seconds: number): string {
  return seconds < 100 ? words.page.seconds(Math.ceil(seconds)) : words.page.minutes(Math.ceil(seconds / 60))
}
