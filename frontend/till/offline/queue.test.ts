import 'fake-indexeddb/auto'
import { createStore, type UseStore } from 'idb-keyval'
import { beforeEach, describe, expect, it } from 'vitest'
import { Unreachable } from '../../shared/graph/post.ts'
import type { OfflineReceiptInput } from '../graph/documents.ts'
import type { Ask } from '../sale/deliver.ts'
import { Queue, type QueuePorts } from './queue.ts'

const NOON = Date.UTC(2026, 10, 22, 12)

function receipt(key: string, minute: number): OfflineReceiptInput {
  const closedAt = new Date(NOON + minute * 60_000).toISOString()
  return {
    idempotencyKey: key,
    scan: { scanId: key, code: '911234567890128176835041', scannedAt: closedAt },
    receiptNumber: `n-${key}`,
    closedAt,
    channel: 'TILL',
    lines: [{ service: 'ski', name: 'Скипасс', quantity: '1', amount: '100.00' }],
    tenders: [{ kind: 'CARD', amount: '100.00' }],
  }
}

/** A server that records once per key and answers as told: a key, or the whole batch, may be refused. */
class Server {
  readonly posted = new Map<string, OfflineReceiptInput>()
  readonly batches: string[][] = []
  away = false
  refuses: Record<string, { code: string; retryable: boolean; field?: string }> = {}
  unread: string | null = null

  ask = (async (_document: unknown, { input }: { input: { receipts: OfflineReceiptInput[] } }): Promise<unknown> => {
    this.batches.push(input.receipts.map(one => one.idempotencyKey))
    if (this.away) throw new Unreachable()
    if (this.unread !== null && input.receipts.some(one => one.idempotencyKey === this.unread)) {
      return { postOfflineReceipts: { __typename: 'Problem', code: 'INVALID_INPUT', message: 'нет', field: 'input.receipts.0', retryable: false } }
    }
    const answers = input.receipts.map(one => {
      const refused = this.refuses[one.idempotencyKey]
      if (refused) return { idempotencyKey: one.idempotencyKey, posted: null, problem: { message: 'нет', field: null, ...refused } }
      this.posted.set(one.idempotencyKey, one)
      return { idempotencyKey: one.idempotencyKey, posted: { purchase: { id: 'p', net: '100.00', accumulated: '100.00' } }, problem: null }
    })
    return { postOfflineReceipts: { __typename: 'OfflineReceiptsAnswered', answers } }
  }) as Ask
}

let count = 0
let store: UseStore
let server: Server
let strangers = 0

beforeEach(() => {
  store = createStore(`queue-${(count += 1)}`, 'receipts')
  server = new Server()
  strangers = 0
})

function opened(change: Partial<QueuePorts> = {}): Queue {
  const alone = async (send: () => Promise<void>): Promise<boolean> => send().then(() => true)
  return new Queue({ ask: server.ask, device: () => NOON, alone, tabs: null, onOther: () => (strangers += 1), ...change }, store)
}

const kinds = (queue: Queue): string[] => queue.state.receipts.map(one => one.outcome.kind)

describe('the queue of receipts taken without network (C-05, K4)', () => {
  it('keeps three over a reload and sends each once, in the order they were taken', async () => {
    server.away = true
    const before = opened()
    await before.start('till-1')
    for (const [key, minute] of [['b', 2], ['a', 1], ['c', 3]] as const) await before.add({ till: 'till-1', receipt: receipt(key, minute) })
    expect(kinds(before)).toEqual(['waits', 'waits', 'waits'])
    server.away = false
    const after = opened()
    await after.start('till-1')
    expect([...server.posted.keys()]).toEqual(['a', 'b', 'c'])
    expect(kinds(after)).toEqual(['posted', 'posted', 'posted'])
    const batches = server.batches.length
    await after.send()
    expect(server.batches.length).toBe(batches)
  })

  it('keeps one of two presses under the same sale', async () => {
    const queue = opened()
    await queue.add({ till: 'till-1', receipt: receipt('a', 1) })
    await queue.add({ till: 'till-1', receipt: { ...receipt('a', 1), receiptNumber: 'other' } })
    expect(queue.state.receipts.map(one => one.receipt.receiptNumber)).toEqual(['n-a'])
  })

  it('sends the same body again after a lost answer', async () => {
    server.away = true
    const queue = opened()
    await queue.start('till-1')
    await queue.add({ till: 'till-1', receipt: receipt('a', 1) })
    await queue.send()
    expect(queue.state.silent).toBe(true)
    server.away = false
    await queue.send()
    expect(server.posted.get('a')).toEqual(receipt('a', 1))
    expect(queue.state).toMatchObject({ silent: false, sending: false })
  })

  it('shows a refusal at its receipt, goes on with the others, and lets the number be mended under the same key', async () => {
    server.refuses = { b: { code: 'RECEIPT_EXISTS', retryable: false, field: 'input.receipts.1.receiptNumber' } }
    const queue = opened()
    for (const [key, minute] of [['a', 1], ['b', 2], ['c', 3]] as const) await queue.add({ till: 'till-1', receipt: receipt(key, minute) })
    await queue.start('till-1')
    expect(kinds(queue)).toEqual(['posted', 'refused', 'posted'])
    server.refuses = {}
    await queue.again('b', '000128')
    expect(kinds(queue)).toEqual(['posted', 'posted', 'posted'])
    expect(server.posted.get('b')).toMatchObject({ idempotencyKey: 'b', receiptNumber: '000128' })
  })

  it('never forgets what waits, and a refused one only when told to', async () => {
    server.refuses = { a: { code: 'CARD_NOT_ACCEPTED', retryable: false }, b: { code: 'BUSY', retryable: true } }
    const queue = opened()
    for (const key of ['a', 'b']) await queue.add({ till: 'till-1', receipt: receipt(key, 1) })
    await queue.start('till-1')
    expect(kinds(queue).sort()).toEqual(['refused', 'waits'])
    await queue.forget('b')
    await queue.forget('a')
    expect(queue.state.receipts.map(one => one.receipt.idempotencyKey)).toEqual(['b'])
    expect(queue.state.silent).toBe(true)
  })

  it('finds the one receipt that the server could not read among many', async () => {
    server.unread = 'b'
    const queue = opened()
    for (const [key, minute] of [['a', 1], ['b', 2], ['c', 3]] as const) await queue.add({ till: 'till-1', receipt: receipt(key, minute) })
    await queue.start('till-1')
    expect(kinds(queue)).toEqual(['posted', 'refused', 'posted'])
  })

  it('sends forty-five in batches, none twice', async () => {
    const queue = opened()
    for (let place = 0; place < 45; place += 1) await queue.add({ till: 'till-1', receipt: receipt(`k${place}`, place) })
    await queue.start('till-1')
    expect(server.batches.map(one => one.length)).toEqual([20, 20, 5])
    expect(server.posted.size).toBe(45)
  })

  it('keeps the receipts of another till for that till', async () => {
    const queue = opened()
    await queue.add({ till: 'till-2', receipt: receipt('a', 1) })
    await queue.start('till-1')
    expect(server.batches).toEqual([])
    await queue.start('till-2')
    expect(server.posted.size).toBe(1)
  })

  it('asks which till it is when the server no longer knows it, and loses nothing', async () => {
    const ask = (async () => ({ postOfflineReceipts: { __typename: 'Problem', code: 'UNAUTHENTICATED', message: '', field: null, retryable: false } })) as unknown as Ask
    const queue = opened({ ask })
    await queue.add({ till: 'till-1', receipt: receipt('a', 1) })
    await queue.start('till-1')
    expect(strangers).toBe(1)
    expect(kinds(queue)).toEqual(['waits'])
  })

  it('leaves the sending to the tab that is at it', async () => {
    const queue = opened({ alone: async () => false })
    await queue.add({ till: 'till-1', receipt: receipt('a', 1) })
    await queue.start('till-1')
    expect(server.batches).toEqual([])
    expect(queue.state).toMatchObject({ silent: false, sending: false })
  })
})
