/** Listens to the whole page for a hand scanner, and gives a field that was in focus its text back. */
import { SILENCE_MS, Wedge, digitOf, type Verdict } from './wedge.ts'

type TextField = HTMLInputElement | HTMLTextAreaElement

/** The field where the code itself is typed: digits that come as text, and damaged ones, are the person's there and stay for mending. */
export const BY_HAND_FIELD = 'digits'

interface FieldKept {
  readonly field: TextField
  readonly value: string
  readonly start: number | null
}

export interface ScannerEvents {
  readonly onCode: (code: string) => void
  readonly onDamaged: () => void
}

function textField(target: EventTarget | null): TextField | null {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null
}

function isByHand(target: EventTarget | null): boolean {
  return textField(target)?.name === BY_HAND_FIELD
}

/** Sets a field's text past the framework that draws it, and tells the framework. */
function giveBack({ field, value, start }: FieldKept): void {
  const owner = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(owner, 'value')?.set?.call(field, value)
  field.dispatchEvent(new InputEvent('input', { bubbles: true }))
  if (start !== null) field.setSelectionRange(start, start)
}

/** Digits are allowed into the field as they come: only when they prove to be a scan is the field put back as it was. */
export function listenForScanner({ onCode, onDamaged }: ScannerEvents): () => void {
  const wedge = new Wedge()
  let kept: FieldKept | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const take = (verdict: Verdict, event?: Event): void => {
    if (verdict.kind === 'began' || verdict.kind === 'whole') clearTimeout(timer)
    if (verdict.kind === 'whole') timer = setTimeout(() => take(wedge.silence(performance.now())), SILENCE_MS)
    if (verdict.kind === 'swallow') event?.preventDefault()
    if (verdict.kind !== 'scanned' && verdict.kind !== 'damaged') return
    clearTimeout(timer)
    if (verdict.kind === 'damaged' && isByHand(document.activeElement)) return
    event?.preventDefault()
    if (kept !== null) giveBack(kept)
    kept = null
    if (verdict.kind === 'scanned') onCode(verdict.code)
    else onDamaged()
  }

  const keep = (target: EventTarget | null): void => {
    const field = textField(target)
    kept = field === null ? null : { field, value: field.value, start: field.selectionStart }
  }

  const onKey = (event: KeyboardEvent): void => {
    // Built-in scanners of Android send no place of a key; their digits come as text below.
    if (event.code === '' || event.code === 'Unidentified' || event.isComposing) return
    const verdict = wedge.key(event.code, event.timeStamp, event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    if (verdict.kind === 'began' && digitOf(event.code) !== null) keep(event.target)
    take(verdict, event)
  }

  // Text that follows a key we have heard is that key's own.
  let heard = false
  const noteKey = (event: KeyboardEvent): void => {
    heard = event.code !== '' && event.code !== 'Unidentified'
    setTimeout(() => (heard = false))
  }

  const onText = (event: InputEvent): void => {
    if (heard || event.data === null || event.inputType !== 'insertText' || isByHand(event.target)) return
    const verdict = wedge.type(event.data, event.timeStamp)
    if (verdict.kind === 'began' || (verdict.kind === 'whole' && event.data.length > 1)) keep(event.target)
    take(verdict)
  }

  document.addEventListener('keydown', noteKey, true)
  document.addEventListener('keydown', onKey, true)
  document.addEventListener('beforeinput', onText, true)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('keydown', noteKey, true)
    document.removeEventListener('keydown', onKey, true)
    document.removeEventListener('beforeinput', onText, true)
  }
}
