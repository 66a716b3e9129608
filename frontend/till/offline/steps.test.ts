import { describe, expect, it } from 'vitest'
import { after, CODE, IDENTIFIED, madeProblem, OPENED, POST, SCANNED } from '../sale/made.ts'
import { step } from '../sale/step.ts'
import type { Habits, TillEvent } from '../sale/state.ts'
import { mayGoOffline } from './steps.ts'

const habits: Habits = { tender: 'CASH', channel: null }
const OFFLINE: TillEvent = { kind: 'wentOffline', habits }
const SILENT: TillEvent = { kind: 'scanUnanswered', scanId: 'scan-1', delay: 'silence' }
const FILLED: readonly TillEvent[] = [
  { kind: 'lineEdited', id: 'sale-1/0', change: { service: 'ski', sum: '100' } },
  { kind: 'receiptTyped', receipt: '000127' },
]

describe('a sale without network (C-05, security 3.8)', () => {
  it('goes on with the code as it was read, and promises nothing', () => {
    const { sale, scan } = after([OPENED, SCANNED, SILENT, OFFLINE, ...FILLED])
    expect(scan.phase).toBe('idle')
    expect(sale).toMatchObject({ id: 'sale-1', guest: null, offline: true, scan: { scanId: 'scan-1', code: CODE }, payment: { kind: 'CASH' } })
    expect(sale?.quoting).toMatchObject({ phase: 'ready', quote: { gross: '100.00', discount: '0.00', net: '100.00', points: null } })
  })

  it('keeps the receipt under its sale, whatever the press', () => {
    const state = after([OPENED, SCANNED, SILENT, OFFLINE, ...FILLED])
    const [pressed, effects] = step(state, POST)
    const [, again] = step(pressed, { ...POST, key: 'key-2' } as TillEvent)
    expect(effects).toEqual(again)
    expect(effects).toMatchObject([
      {
        do: 'keep',
        till: 'till-1',
        receipt: {
          idempotencyKey: 'sale-1',
          scan: { scanId: 'scan-1', code: CODE, scannedAt: '2026-11-22T11:00:00.000Z' },
          receiptNumber: '000127',
          lines: [{ service: 'ski', amount: '100.00' }],
          tenders: [{ kind: 'CASH', amount: '100.00' }],
        },
      },
    ])
    expect(after([{ kind: 'kept', saleId: 'sale-1', receipt: '000127' }], pressed)).toMatchObject({ sale: null, settled: { word: 'offline.kept' } })
    expect(after([{ kind: 'notKept', saleId: 'sale-1' }], pressed)).toMatchObject({ sale: { id: 'sale-1', notice: { word: 'offline.notKept' } } })
  })

  it('asks for what is missing as it does with a network', () => {
    const state = after([OPENED, SCANNED, SILENT, OFFLINE, POST])
    expect(state.sale?.notice?.word).toBe('missing.service')
  })

  it('takes over a sale whose price did not come, with the scan of its guest', () => {
    const open = after([OPENED, SCANNED, IDENTIFIED, ...FILLED])
    expect(mayGoOffline(open)).toBe(false)
    const failed = after([{ kind: 'quoteUnanswered', seq: open.sale?.seq ?? 0, delay: 'silence' }], open)
    expect(mayGoOffline(failed)).toBe(true)
    expect(after([OFFLINE], failed).sale).toMatchObject({ guest: null, offline: true, receipt: '000127', scan: { code: CODE }, quoting: { phase: 'ready' } })
  })

  it('knows nobody by a told number', () => {
    const told = { ...SCANNED, code: 'tel:+79210000001' } as TillEvent
    const state = after([OPENED, told, SILENT])
    expect(mayGoOffline(state)).toBe(false)
    expect(after([OFFLINE], state)).toBe(state)
    const guest = after([OPENED, told, IDENTIFIED, ...FILLED])
    const failed = after([{ kind: 'quoteUnanswered', seq: guest.sale?.seq ?? 0, delay: 'silence' }], guest)
    expect(mayGoOffline(failed)).toBe(false)
  })

  it('a guest who is scanned again with a network has a price again', () => {
    const state = after([OPENED, SCANNED, SILENT, OFFLINE, ...FILLED])
    const scanned = after([{ ...SCANNED, scanId: 'scan-2' } as TillEvent, { ...IDENTIFIED, scanId: 'scan-2' } as TillEvent], state)
    expect(scanned.sale).toMatchObject({ offline: false, scan: { scanId: 'scan-2' }, receipt: '000127', quoting: { phase: 'asking' } })
    const refused = after([{ ...SCANNED, scanId: 'scan-3' } as TillEvent, { kind: 'scanRefused', scanId: 'scan-3', problem: madeProblem('CARD_NOT_ACCEPTED') }], state)
    expect(refused.sale).toMatchObject({ offline: true })
  })
})
