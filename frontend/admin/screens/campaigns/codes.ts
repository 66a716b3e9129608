/** The form of new promo codes, and the file they leave in. */
import type { MakePromoCodesInput } from '../../graph/documents.ts'
import { reasonFault } from '../../parts/reason.ts'
import { words } from '../../words/words.ts'
import { campaignWords } from './words.ts'

export interface CodesForm {
  label: string
  kind: 'many' | 'one'
  count: string
  code: string
  uses: string
  until: string
  reason: string
}

export type CodesFaults = Partial<Record<keyof CodesForm | 'whole', string>>

export const EMPTY: CodesForm = { label: '', kind: 'many', count: '100', code: '', uses: '1', until: '', reason: '' }
const COUNT_MAX = 1000
const USES_MAX = 1_000_000

function whole(text: string, most: number): number | undefined {
  const value = /^\d{1,7}$/.test(text.trim()) ? Number(text.trim()) : 0
  return value >= 1 && value <= most ? value : undefined
}

export function faultsOf(form: CodesForm): CodesFaults {
  const text = campaignWords()
  const reason = reasonFault(form.reason)
  return {
    ...(form.label.trim() === '' && { label: words.panel.required }),
    ...(form.kind === 'many' && whole(form.count, COUNT_MAX) === undefined && { count: text.countWrong }),
    ...(form.kind === 'one' && form.code.trim() === '' && { code: words.panel.required }),
    ...(whole(form.uses, USES_MAX) === undefined && { uses: text.usesWrong }),
    ...(reason !== undefined && { reason }),
  }
}

/** Under one key the same wish makes one batch, however often its answer was lost. */
export function wanted(campaign: string, form: CodesForm, key: string): MakePromoCodesInput {
  return {
    idempotencyKey: key,
    campaign,
    label: form.label.trim(),
    count: form.kind === 'many' ? whole(form.count, COUNT_MAX)! : 1,
    uses: whole(form.uses, USES_MAX)!,
    until: form.until || null,
    code: form.kind === 'one' ? form.code.trim() : null,
    reason: form.reason.trim(),
  }
}

/** As `kunak campaign codes` writes it. */
export function sheetOf(codes: readonly string[], campaign: string, uses: number): string {
  return ['code,campaign,uses', ...codes.map(code => `${code},${campaign},${uses}`), ''].join('\r\n')
}
