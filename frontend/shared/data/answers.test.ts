import { beforeEach, describe, expect, test } from 'vitest'
import { trusted } from '../graph/trusted.ts'
import { Answers, type Kept } from './answers.ts'

const HOME = trusted<{ sum: string }, { first: number }>('home')
const OTHER = trusted<{ sum: string }, Record<string, never>>('other')

describe('the query cache', () => {
  let replies: (() => Promise<unknown>)[]
  let asked: string[]
  let shelf: Map<string, Kept>
  let heard: unknown[]

  beforeEach(() => {
    replies = []
    asked = []
    shelf = new Map()
    heard = []
  })

  const answers = () => new Answers({
    ask: async document => {
      asked.push(document.documentId)
      const reply = replies.shift() ?? (() => Promise.reject(new Error('no network')))
      return (await reply()) as never
    },
    shelf: { get: async key => shelf.get(key), set: async (key, kept) => void shelf.set(key, kept), clear: async () => shelf.clear() },
    keep: ['home'],
    now: () => 42,
    heard: data => heard.push(data),
    failure: () => 'offline',
  })
  const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5))

  test('a question asked ahead is not asked again by the first screen that holds it', async () => {
    replies = [async () => ({ sum: '1.00' }), async () => ({ sum: '2.00' })]
    const cache = answers()
    cache.ahead(HOME, { first: 3 })
    await settled()
    const stop = cache.hold(HOME, { first: 3 })
    await settled()
    expect(asked).toEqual(['home'])
    expect(cache.of(HOME, { first: 3 }).get().data).toEqual({ sum: '1.00' })
    stop()
    cache.hold(HOME, { first: 3 })
    await settled()
    expect(cache.of(HOME, { first: 3 }).get().data).toEqual({ sum: '2.00' })
  })

  test('two screens with one question ask once', async () => {
    replies = [async () => ({ sum: '1.00' })]
    const cache = answers()
    cache.hold(HOME, { first: 3 })
    cache.hold(HOME, { first: 3 })
    await settled()
    expect(asked).toEqual(['home'])
    expect(cache.of(HOME, { first: 3 }).get()).toEqual({ data: { sum: '1.00' }, at: 42 })
    expect(heard).toEqual([{ sum: '1.00' }])
  })

  test('without a network the kept copy stands, with its age and the failure beside it', async () => {
    shelf.set('home:{"first":3}', { data: { sum: '0.50' }, at: 7 })
    const cache = answers()
    cache.hold(HOME, { first: 3 })
    await settled()
    expect(cache.of(HOME, { first: 3 }).get()).toEqual({ data: { sum: '0.50' }, at: 7, failure: 'offline' })
  })

  test('only allow-listed questions are kept', async () => {
    replies = [async () => ({ sum: '1.00' }), async () => ({ sum: '2.00' })]
    const cache = answers()
    cache.hold(HOME, { first: 3 })
    cache.hold(OTHER, {})
    await settled()
    expect([...shelf.keys()]).toEqual(['home:{"first":3}'])
  })

  test('what was never seen is fetched ahead, once', async () => {
    replies = [async () => ({ sum: '1.00' })]
    const cache = answers()
    await cache.warm(HOME, { first: 3 })
    await cache.warm(HOME, { first: 3 })
    expect(asked).toEqual(['home'])
  })

  test('a failed refresh keeps what was there, a later success clears the failure', async () => {
    replies = [async () => ({ sum: '1.00' })]
    const cache = answers()
    cache.hold(HOME, { first: 3 })
    await settled()
    await cache.stir()
    expect(cache.of(HOME, { first: 3 }).get()).toEqual({ data: { sum: '1.00' }, at: 42, failure: 'offline' })
    replies = [async () => ({ sum: '3.00' })]
    await cache.stir()
    expect(cache.of(HOME, { first: 3 }).get()).toEqual({ data: { sum: '3.00' }, at: 42 })
  })

  test('an answer that comes after signing out is dropped', async () => {
    let release: (data: unknown) => void = () => undefined
    replies = [() => new Promise(resolve => { release = resolve })]
    const cache = answers()
    cache.hold(HOME, { first: 3 })
    await cache.forget()
    release({ sum: '9.00' })
    await settled()
    expect(cache.of(HOME, { first: 3 }).get()).toEqual({})
    expect(shelf.size).toBe(0)
  })
})
