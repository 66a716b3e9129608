/** Success and refusal for ear and hand; the words for the eye stand on the screen. */

const SILENT = 'kunak.till.silent'

type Note = readonly [frequency: number, at: number, seconds: number]

/** Success rises, a refusal falls and comes twice: told apart without looking. */
const NOTES: Readonly<Record<'success' | 'refusal', readonly Note[]>> = {
  success: [
    [880, 0, 0.09],
    [1318, 0.1, 0.16],
  ],
  refusal: [
    [330, 0, 0.14],
    [247, 0.2, 0.24],
  ],
}
const BUZZ: Readonly<Record<'success' | 'refusal', VibratePattern>> = { success: 30, refusal: [60, 40, 60] }

let audio: AudioContext | null = null

/** Browsers give sound only after a touch or a key; until then signals are silent. */
export function allowSound(): void {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
}

export function isSilent(): boolean {
  return localStorage.getItem(SILENT) !== null
}

export function setSilent(silent: boolean): void {
  if (silent) localStorage.setItem(SILENT, '1')
  else localStorage.removeItem(SILENT)
}

export function signal(tone: 'success' | 'refusal'): void {
  navigator.vibrate?.(BUZZ[tone])
  if (isSilent() || audio === null || audio.state !== 'running') return
  for (const [frequency, at, seconds] of NOTES[tone]) {
    const from = audio.currentTime + at
    const voice = new OscillatorNode(audio, { frequency, type: tone === 'success' ? 'sine' : 'triangle' })
    const gain = new GainNode(audio, { gain: 0 })
    gain.gain.setValueAtTime(0.2, from)
    gain.gain.exponentialRampToValueAtTime(0.001, from + seconds)
    voice.connect(gain).connect(audio.destination)
    voice.start(from)
    voice.stop(from + seconds)
  }
}
