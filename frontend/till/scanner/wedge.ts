/** Tells a hand scanner's burst of keys from a person typing. Pure: keys and moments in, a verdict out; nothing here touches the page. */

import { CODE_LENGTH, codeIn } from './check'

export const GAP_MAX_MS = 60
export const SILENCE_MS = 120
/** A scanner over radio may send its Enter after the silence that ended the burst; until then that key is no person's. */
export const LATE_END_MS = 300

export type Verdict =
  | { readonly kind: 'nothing' }
  /** The first digit of what may be a burst: remember the focused field as it is now. */
  | { readonly kind: 'began' }
  /** The burst could be whole: call `silence` after SILENCE_MS unless another key comes. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'scanned'; readonly code: string }
  /** A whole burst with damaged digits: the person should scan again. */
  | { readonly kind: 'damaged' }
  /** The late end key of a burst already taken. */
  | { readonly kind: 'swallow' }

const NOTHING: Verdict = { kind: 'nothing' }
const DIGIT = /^(?:Digit|Numpad)([0-9])$/
const MODIFIERS = new Set(['ShiftLeft', 'ShiftRight', 'CapsLock', 'NumLock', 'AltRight'])

/** The digit of a physical key: by place, so that no keyboard layout or CapsLock can spoil it. */
export function digitOf(code: string): string | null {
  return DIGIT.exec(code)?.[1] ?? null
}

function isEnd(code: string): boolean {
  return code === 'Enter' || code === 'NumpadEnter' || code === 'Tab'
}

export class Wedge {
  private digits = ''
  private lastAt = Number.NEGATIVE_INFINITY
  private takenAt = Number.NEGATIVE_INFINITY

  /** A key that went down, by its `event.code`. `chord` is Ctrl, Alt or Meta held, or the key repeating: no scanner does that. */
  key(code: string, at: number, chord = false): Verdict {
    if (MODIFIERS.has(code) && !chord) return NOTHING
    const digit = chord ? null : digitOf(code)
    if (digit !== null) return this.type(digit, at)
    if (isEnd(code) && !chord) return this.end(at)
    this.forget()
    return NOTHING
  }

  /** Digits that arrived as text: built-in scanners of Android send no key codes, and some put in the whole code at once. */
  type(text: string, at: number): Verdict {
    if (!/^[0-9]+$/.test(text)) {
      this.forget()
      return NOTHING
    }
    const began = this.digits === '' || at - this.lastAt > GAP_MAX_MS
    this.digits = began ? text : this.digits + text
    this.lastAt = at
    if (this.digits.length === CODE_LENGTH) return { kind: 'whole' }
    return began ? { kind: 'began' } : NOTHING
  }

  /** The time is up: whatever stands is a scan or it is nothing. */
  silence(at: number): Verdict {
    return at - this.lastAt >= SILENCE_MS ? this.finish(at) : NOTHING
  }

  private end(at: number): Verdict {
    if (at - this.takenAt <= LATE_END_MS) return { kind: 'swallow' }
    if (at - this.lastAt > SILENCE_MS) {
      this.forget()
      return NOTHING
    }
    return this.finish(at)
  }

  private finish(at: number): Verdict {
    const burst = this.digits
    this.forget()
    if (burst.length !== CODE_LENGTH) return NOTHING
    const code = codeIn(burst)
    this.takenAt = at
    return code === null ? { kind: 'damaged' } : { kind: 'scanned', code }
  }

  private forget(): void {
    this.digits = ''
  }
}
