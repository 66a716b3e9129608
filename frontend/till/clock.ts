/** The server's time: receipts carry the moment they closed, and a tablet's own clock may be hours off. */

/** Nearer than this the device's clock is as good as the answer's header, which has whole seconds only. */
const TRUSTED_WITHIN_MS = 5_000

export class Clock {
  private offset = 0

  now = (): number => Date.now() + this.offset

  /** Sets the clock by any answer of the server. A server that does not answer leaves it as it is. */
  async set(): Promise<void> {
    const sentAt = Date.now()
    const answer = await fetch('/live', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
    const header = answer?.headers.get('Date')
    if (!header) return
    const offset = Date.parse(header) + 500 - (sentAt + Date.now()) / 2
    this.offset = Math.abs(offset) > TRUSTED_WITHIN_MS ? Math.round(offset) : 0
  }
}
