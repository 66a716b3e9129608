import { describe, expect, it } from 'vitest'
import { LATE_END_MS, SILENCE_MS, Wedge } from './wedge'

const CODE = '911234567890128176835041'

function burst(wedge: Wedge, digits: string, gap: number, start = 1000): number {
  let at = start
  for (const digit of digits) {
    wedge.key(`Digit${digit}`, at)
    at += gap
  }
  return at - gap
}

describe('hand scanner by key places (K2)', () => {
  for (const gap of [5, 20, 50]) {
    it(`takes 24 digits at ${gap} ms ended by Enter`, () => {
      const wedge = new Wedge()
      const last = burst(wedge, CODE, gap)
      expect(wedge.key('Enter', last + gap)).toEqual({ kind: 'scanned', code: CODE })
    })
    it(`takes 24 digits at ${gap} ms ended by silence`, () => {
      const wedge = new Wedge()
      const last = burst(wedge, CODE, gap)
      expect(wedge.silence(last + SILENCE_MS)).toEqual({ kind: 'scanned', code: CODE })
      expect(wedge.key('Enter', last + SILENCE_MS + LATE_END_MS - 1)).toEqual({ kind: 'swallow' })
    })
  }

  it('takes the numeric block and Tab, and does not mind Shift or CapsLock', () => {
    const wedge = new Wedge()
    let at = 0
    for (const digit of CODE) {
      wedge.key('ShiftLeft', at)
      wedge.key(`Numpad${digit}`, at)
      at += 8
    }
    wedge.key('CapsLock', at)
    expect(wedge.key('Tab', at)).toEqual({ kind: 'scanned', code: CODE })
  })

  it("leaves a person's typing alone, at 120 ms a key and on a rolled pair of keys", () => {
    const wedge = new Wedge()
    const last = burst(wedge, CODE, 120)
    expect(wedge.key('Enter', last + 40)).toEqual({ kind: 'nothing' })
    burst(wedge, '32', 30, 100_000)
    expect(wedge.key('Enter', 100_060)).toEqual({ kind: 'nothing' })
  })

  it('names the first digit of a burst, so that the focused field can be kept', () => {
    const wedge = new Wedge()
    expect(wedge.key('Digit9', 0)).toEqual({ kind: 'began' })
    expect(wedge.key('Digit1', 10)).toEqual({ kind: 'nothing' })
    expect(wedge.key('Digit1', 100)).toEqual({ kind: 'began' })
  })

  it('refuses 23 and 25 digits, a chord, a letter inside, another prefix', () => {
    const shorter = new Wedge()
    expect(shorter.key('Enter', burst(shorter, CODE.slice(1), 10) + 10)).toEqual({ kind: 'nothing' })
    const longer = new Wedge()
    expect(longer.key('Enter', burst(longer, `${CODE}1`, 10) + 10)).toEqual({ kind: 'nothing' })
    const chord = new Wedge()
    const half = burst(chord, CODE.slice(0, 12), 10)
    chord.key('Digit1', half + 10, true)
    expect(chord.key('Enter', burst(chord, CODE.slice(12), 10, half + 20) + 10)).toEqual({ kind: 'nothing' })
    const letter = new Wedge()
    const third = burst(letter, CODE.slice(0, 8), 10)
    letter.key('KeyA', third + 10)
    expect(letter.key('Enter', burst(letter, CODE.slice(8), 10, third + 20) + 10)).toEqual({ kind: 'nothing' })
    const foreign = new Wedge()
    expect(foreign.key('Enter', burst(foreign, '460123456789012345678901', 10) + 10)).toEqual({ kind: 'damaged' })
  })

  it('calls a damaged burst damaged, so that no request is made', () => {
    const wedge = new Wedge()
    const last = burst(wedge, CODE.replace('8176', '8167'), 10)
    expect(wedge.key('Enter', last + 10)).toEqual({ kind: 'damaged' })
  })

  it('takes a code that comes as text: digit by digit and all at once', () => {
    const slow = new Wedge()
    let at = 0
    for (const digit of CODE) slow.type(digit, (at += 15))
    expect(slow.silence(at + SILENCE_MS)).toEqual({ kind: 'scanned', code: CODE })
    const whole = new Wedge()
    expect(whole.type(CODE, 0)).toEqual({ kind: 'whole' })
    expect(whole.silence(SILENCE_MS)).toEqual({ kind: 'scanned', code: CODE })
  })
})
