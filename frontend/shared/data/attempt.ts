/** A mutation sent once: what came back, or one sentence about why nothing did. */
import { Refused, post, type PostOptions } from '../graph/post.ts'
import type { Trusted } from '../graph/trusted.ts'
import { language } from '../words/language.ts'

const UNREACHABLE = {
  ru: 'Нет связи с сервером. Проверьте сеть и попробуйте ещё раз.',
  en: 'The server cannot be reached. Check your connection and try again.',
}

interface ProblemLike {
  __typename: 'Problem'
  code: string
  message: string
  field?: string | null
}

export type Done<Result> = Exclude<Result, { __typename: 'Problem' }>

export type Attempt<Result> = { done: Done<Result> } | { problem: { code: string; message: string; field: string | null } }

/** The union of the mutation's only field; no network and server faults become a problem of the same shape. */
export async function attempt<Data extends Record<string, { __typename: string }>, Variables>(
  document: Trusted<Data, Variables>, variables: Variables, options: PostOptions = {},
): Promise<Attempt<Data[keyof Data]>> {
  try {
    const data = await post(document, variables, options)
    const result = Object.values(data)[0] as Data[keyof Data]
    if (result.__typename !== 'Problem') return { done: result as Done<Data[keyof Data]> }
    const { code, message, field } = result as unknown as ProblemLike
    return { problem: { code, message, field: field ?? null } }
  } catch (fault) {
    const message = fault instanceof Refused ? fault.message : UNREACHABLE[language()]
    return { problem: { code: fault instanceof Refused ? fault.code : 'UNREACHABLE', message, field: null } }
  }
}
