/** When the session ends: after a silence, and after a working day; all tabs of one browser share the cookie and so the silence. */
import { Value } from '../../shared/data/value.ts'

const WARN_SECONDS = 60
const TICK_MS = 1_000
const CHANNEL = 'kunak-staff'

export interface Span {
  idleSeconds: number
  /** Whole seconds until the session ends whatever is done. */
  sessionSeconds: number
}

export interface Left {
  seconds: number
  /** Whether anything can still make it longer. */
  extends: boolean
}

/** What is left, or null while there is no need to say. */
export function left(span: Span, startedMs: number, touchedMs: number, nowMs: number): Left | null {
  const silence = Math.ceil((touchedMs + span.idleSeconds * 1000 - nowMs) / 1000)
  const day = Math.ceil((startedMs + span.sessionSeconds * 1000 - nowMs) / 1000)
  const seconds = Math.max(0, Math.min(silence, day))
  return seconds > WARN_SECONDS ? null : { seconds, extends: silence < day }
}

class SessionClock {
  /** Set during the last minute. */
  readonly ending = new Value<Left | null>(null)
  private span: Span | undefined
  private startedMs = 0
  private touchedMs = 0
  private timer: ReturnType<typeof setInterval> | undefined
  private onEnd: () => void = () => undefined
  private readonly others = 'BroadcastChannel' in globalThis ? new BroadcastChannel(CHANNEL) : undefined

  /** `onEnd` runs once the time is over; `onOther` when another tab signs in or out. */
  follow(onEnd: () => void, onOther: (what: 'in' | 'out') => void): void {
    this.onEnd = onEnd
    this.others?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data === 'touched') this.touch()
      if (data === 'in' || data === 'out') onOther(data)
    })
  }

  tell(what: 'in' | 'out'): void {
    this.others?.postMessage(what)
  }

  start(span: Span): void {
    this.span = span
    this.startedMs = Date.now()
    this.touched()
    this.timer ??= setInterval(() => this.tick(), TICK_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.ending.set(null)
  }

  /** The server heard from us: the silence starts anew, in every tab. */
  touched(): void {
    this.touch()
    this.others?.postMessage('touched')
  }

  private touch(): void {
    this.touchedMs = Date.now()
    this.tick()
  }

  private tick(): void {
    if (!this.span || !this.timer) return
    const now = left(this.span, this.startedMs, this.touchedMs, Date.now())
    const before = this.ending.get()
    if (now?.seconds !== before?.seconds || now?.extends !== before?.extends) this.ending.set(now)
    if (now?.seconds === 0) {
      this.stop()
      this.onEnd()
    }
  }
}

export const clock = new SessionClock()
