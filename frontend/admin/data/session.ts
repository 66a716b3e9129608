/** Who of the staff is signed in on this page, and every question and command sent on their behalf. */
import { Answers, type Failure } from '../../shared/data/answers.ts'
import { attempt, type Attempt } from '../../shared/data/attempt.ts'
import { Value } from '../../shared/data/value.ts'
import { Refused, post } from '../../shared/graph/post.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'
import { ViewerDocument, type ViewerFragment } from '../graph/documents.ts'
import { clock } from './clock.ts'

export type Viewer = ViewerFragment

/** 'out': nobody is signed in. 'ended': somebody was, and what they typed still stands behind the sign-in. */
export type Session = { state: 'unknown' } | { state: 'in'; viewer: Viewer } | { state: 'ended'; viewer: Viewer } | { state: 'out' }

export const session = new Value<Session>({ state: 'unknown' })

const AS_STAFF = { credential: 'staff' } as const

export function viewerNow(): Viewer | null {
  const now = session.get()
  return now.state === 'in' || now.state === 'ended' ? now.viewer : null
}

export function entered(viewer: Viewer): void {
  clock.start(viewer)
  session.set({ state: 'in', viewer })
}

/** The server no longer knows us: the page stays as it is, sign-in stands over it. */
export function ended(): void {
  clock.stop()
  const now = session.get()
  if (now.state === 'in') session.set({ state: 'ended', viewer: now.viewer })
  else if (now.state === 'unknown') session.set({ state: 'out' })
}

/** Leaves nothing of the person on the page. */
export async function left(): Promise<void> {
  clock.stop()
  session.set({ state: 'out' })
  await answers.forget()
}

/** A query on behalf of the staff. */
export async function ask<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Promise<Data> {
  try {
    const data = await post(document, variables, AS_STAFF)
    clock.touched()
    return data
  } catch (fault) {
    if (fault instanceof Refused) refused(fault.code)
    throw fault
  }
}

/** A command on behalf of the staff. */
export async function send<Data extends Record<string, { __typename: string }>, Variables>(
  document: Trusted<Data, Variables>, variables: Variables,
): Promise<Attempt<Data[keyof Data]>> {
  const answer = await attempt(document, variables, AS_STAFF)
  if ('done' in answer) clock.touched()
  else refused(answer.problem.code)
  return answer
}

/** A right may have gone while the page stood open: what we hold is read anew. */
function refused(code: string): void {
  if (code === 'UNAUTHENTICATED' && session.get().state === 'in') ended()
  if (code === 'FORBIDDEN') void readViewer()
}

export function failureOf(fault: unknown): Failure {
  if (!(fault instanceof Refused)) return 'offline'
  if (fault.code === 'FORBIDDEN') return 'forbidden'
  return fault.code === 'NOT_FOUND' ? 'absent' : 'refused'
}

/** Nothing that the staff sees is kept on the device: it is other people's data. */
export const answers = new Answers({
  ask,
  shelf: { get: async () => undefined, set: async () => undefined, clear: async () => undefined },
  keep: [],
  now: () => Date.now(),
  heard: () => undefined,
  failure: failureOf,
})

/** Reads who we are and what we may do; without a network the page keeps what it knows. */
export async function readViewer(): Promise<void> {
  try {
    const { viewer } = await post(ViewerDocument, {}, AS_STAFF)
    if (viewer) return entered(viewer)
    ended()
  } catch (fault) {
    if (fault instanceof Refused && fault.code === 'UNAUTHENTICATED') return ended()
    if (session.get().state === 'unknown') throw fault
  }
}
