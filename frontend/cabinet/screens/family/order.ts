/** A command about the family, sent under a key that stays with it until it is answered. */
import { useRef, useState } from 'preact/hooks'
import { attempt, type Attempt } from '../../../shared/data/attempt.ts'
import type { Trusted } from '../../../shared/graph/trusted.ts'
import { answers } from '../../data/session.ts'

/** What says nothing about whether the command was carried out: the same key asks again. */
const UNKNOWN = new Set(['UNREACHABLE', 'BUSY', 'INTERNAL'])

interface Kept {
  body: string
  key: string
}

export function useOrder<Data extends Record<string, { __typename: string }>, Input extends { idempotencyKey: string }>(document: Trusted<Data, { input: Input }>) {
  const kept = useRef<Kept>(undefined)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const send = async (fields: Omit<Input, 'idempotencyKey'>): Promise<Attempt<Data[keyof Data]>> => {
    const body = JSON.stringify(fields)
    if (kept.current?.body !== body) kept.current = { body, key: crypto.randomUUID() }
    setBusy(true)
    setProblem(undefined)
    const made = await attempt(document, { input: { ...fields, idempotencyKey: kept.current.key } as Input })
    setBusy(false)
    if (!('problem' in made) || !UNKNOWN.has(made.problem.code)) kept.current = undefined
    if ('problem' in made) setProblem(made.problem.message)
    else await answers.stir()
    return made
  }
  return { send, busy, problem }
}
