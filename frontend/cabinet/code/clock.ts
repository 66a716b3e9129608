/** The server's clock as this device knows it: the phone's own clock may be hours off. */

export interface Ticks {
  /** The phone's clock; a person may set it to anything. */
  wall: () => number
  /** Runs evenly since the page opened, but stands still while some devices sleep. */
  steady: () => number
}

const REAL: Ticks = { wall: () => Date.now(), steady: () => performance.now() }
const DISAGREEMENT_MS = 2_000

export class ServerClock {
  private readonly ticks: Ticks
  private steadyOffset: number | undefined
  private wallOffset: number

  /** `wallOffset`: server minus phone at the last contact, kept across cold starts; the best guess until the next contact. */
  constructor(wallOffset: number, ticks: Ticks = REAL) {
    this.wallOffset = wallOffset
    this.ticks = ticks
  }

  /**
   * The server said what time it was. The way back is not made up for: a clock that runs a little late shows a code the
   * server still takes, one that runs early by a hair shows after a scan the code of a step the server does not know yet.
   */
  contact(serverMs: number): void {
    this.steadyOffset = serverMs - this.ticks.steady()
    this.wallOffset = serverMs - this.ticks.wall()
  }

  now(): number {
    return this.steadyOffset === undefined ? this.ticks.wall() + this.wallOffset : this.ticks.steady() + this.steadyOffset
  }

  /** To keep for the next cold start. */
  get offset(): number {
    return this.wallOffset
  }

  /** The page came back into view: if the steady clock slept with the device, the phone's clock knows how long. */
  woke(): void {
    if (this.steadyOffset === undefined) return
    const slept = this.ticks.wall() + this.wallOffset - (this.ticks.steady() + this.steadyOffset)
    if (slept > DISAGREEMENT_MS) this.steadyOffset += slept
  }
}
