/** A mutation sent once: what came back, or one sentence about why nothing did. */
import { Refused, post } from '../graph/post.ts'
import type { Trusted } from '../graph/trusted.ts'
import { partWords } from '../words/parts.ts'

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
    const wait = retryAfterSeconds ? ` ${partWords().wait(duration(retryAfterSeconds))}` : ''
    return { problem: { code, message: message + wait, field: field ?? null } }
  } catch (fault) {
    const message = fault instanceof Refused ? fault.message : partWords().unreachable
    return { problem: { code: fault instanceof Refused ? fault.code : 'UNREACHABLE', message, field: null } }
  }
}

export function duration(seconds: number): string {
  return seconds < 100 ? partWords().seconds(Math.ceil(seconds)) : partWords().minutes(Math.ceil(seconds / 60))
}
