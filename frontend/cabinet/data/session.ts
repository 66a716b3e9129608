/** Who is signed in on this page, and everything that has to happen when that changes. */
import { createStore, clear, get, set } from 'idb-keyval'
import { useEffect } from 'preact/hooks'
import { Refused, post } from '../../shared/graph/post.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'
import { holder } from '../code/holder.ts'
import { FamilyPageDocument, HomeDocument, PartnersDocument, ProfileDocument, PurchasesDocument, ShopOrdersDocument } from '../graph/documents.ts'
import { Answers, type Answer, type Kept } from '../../shared/data/answers.ts'
import { Value, useValue } from '../../shared/data/value.ts'

/** 'unknown' until the server has said; without a network it stays so and the kept copies are shown. */
export type Session = 'unknown' | 'in' | 'out'

export const session = new Value<Session>('unknown')

const store = createStore('kunak-answers', 'answers')

function heard(data: unknown): void {
  if (typeof data !== 'object' || data === null || !('me' in data)) return
  session.set(data.me === null ? 'out' : 'in')
}

export const answers = new Answers({
  ask: post,
  shelf: { get: key => get<Kept>(key, store), set: (key, kept) => set(key, kept, store), clear: () => clear(store) },
  keep: [HomeDocument, PurchasesDocument, PartnersDocument, ProfileDocument, FamilyPageDocument, ShopOrdersDocument].map(document => document.documentId),
  now: () => Date.now(),
  heard,
  failure: fault => (fault instanceof Refused ? 'refused' : 'offline'),
})

/** The answer to a question while a screen shows it, asked again when the page wakes or the network returns. */
export function useAnswer<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Answer<Data> {
  const key = JSON.stringify(variables)
  useEffect(() => answers.hold(document, variables), [document, key])
  return useValue(answers.of(document, variables))
}

/** After a sign-in nothing of an earlier person may show. */
export async function signedIn(): Promise<void> {
  await answers.forget()
  session.set('in')
  void holder.refresh().catch(() => undefined)
}

export async function signedOut(): Promise<void> {
  await holder.drop()
  await answers.forget()
  session.set('out')
}

addEventListener('online', () => void answers.stir())
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void answers.stir()
})
