import 'fake-indexeddb/auto'
import { createStore } from 'idb-keyval'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refused, Unreachable } from '../../shared/graph/post.ts'
import { Attempts } from './attempts.ts'
import { deliver, type Ask } from './deliver.ts'
import { after, attemptOf, madePosted, madeProblem, POST, readySale } from './made.ts'
import type { Attempt } from './state.ts'

const attempt = attemptOf(after([POST], readySale()))
const rekeyed: Attempt = { ...attempt, input: { ...attempt.input, idempotencyKey: 'key-2' } } as Attempt

/** A server in one function: it remembers what it was sent and answers as told. */
function server(...answers: (object | Error)[]): { ask: Ask; sent: unknown[] } {
  const sent: unknown[] = []
  const ask = async (_document: unknown, variables: unknown): Promise<unknown> => {
    sent.push(variables)
    const answer = answers.shift()
    if (answer === undefined || answer instanceof Error) throw answer ?? new Unreachable()
    return answer
  }
  return { ask: ask as Ask, sent }
}

let stores = 0
let attempts: Attempts

beforeEach(() => {
  attempts = new Attempts(createStore(`till-${(stores += 1)}`, 'attempts'))
})

describe('delivery of an attempt (K3)', () => {
  it('keeps key and body before sending and repeats them after a lost answer and a reload', async () => {
    const { ask, sent } = server(new Unreachable(), { postPurchase: madePosted() })
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'attemptUnanswered', delay: 'silence' })
    const [kept] = await attempts.unfinished(0)
    expect(kept).toEqual(attempt)
    expect(await deliver(kept as Attempt, ask, attempts)).toMatchObject({ kind: 'posted' })
    expect(sent[0]).toEqual(sent[1])
    expect(await attempts.unfinished(0)).toEqual([])
  })

  it('gives two tabs one key, and the second the answer of the first', async () => {
    const { ask, sent } = server({ postPurchase: madePosted() }, { postPurchase: madePosted() })
    const [one, two] = await Promise.all([attempts.claim(attempt), attempts.claim(rekeyed)])
    expect(one.attempt.input.idempotencyKey).toBe(two.attempt.input.idempotencyKey)
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'posted' })
    expect(await deliver(rekeyed, ask, attempts)).toMatchObject({ kind: 'posted', attempt: { input: { idempotencyKey: 'key-1' } } })
    expect(sent).toHaveLength(1)
  })

  it('forgets an attempt that was clearly refused, so that the corrected receipt has a fresh key', async () => {
    const { ask, sent } = server({ postPurchase: { __typename: 'Problem', ...madeProblem('RECEIPT_EXISTS') } }, { postPurchase: madePosted() })
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'attemptRefused', problem: { code: 'RECEIPT_EXISTS' } })
    expect(await deliver(rekeyed, ask, attempts)).toMatchObject({ kind: 'posted' })
    expect(sent[1]).toMatchObject({ input: { idempotencyKey: 'key-2' } })
  })

  it('keeps it while the answer is a crowd, a fault, or a till that must be paired', async () => {
    const busy = madeProblem('BUSY', { retryAfterSeconds: 2 })
    const { ask } = server({ postPurchase: { __typename: 'Problem', ...busy } }, new Refused('INTERNAL', 'fault', 'r-7'), {
      postPurchase: { __typename: 'Problem', ...madeProblem('UNAUTHENTICATED') },
    })
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'attemptUnanswered', delay: 'busy', afterSeconds: 2 })
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'attemptUnanswered', delay: 'fault', requestId: 'r-7' })
    expect(await deliver(attempt, ask, attempts)).toMatchObject({ kind: 'attemptRefused', problem: { code: 'UNAUTHENTICATED' } })
    expect(await attempts.unfinished(0)).toEqual([attempt])
  })

  it('a late refusal of one tab does not forget the answer another tab has got', async () => {
    await attempts.claim(attempt)
    await attempts.answered(attempt, { operation: 'post', posted: madePosted() })
    await attempts.refused(attempt)
    expect((await attempts.claim(rekeyed)).answer).not.toBeNull()
  })
})
