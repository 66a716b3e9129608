/** Looks for codes in a running video: the browser's own detector where there is one, then the light decoder, then the heavy one. */
import { scriptUrl } from '../../shared/trust.ts'
import type { Frame, Reading } from './frames.ts'
import heavyUrl from './heavy.worker.ts?worker&url'
import lightUrl from './light.worker.ts?worker&url'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'

const FRAME_EVERY_MS = 100
const SIDE_PX = 480
/** So long nothing was read before the next decoder joins. */
const PATIENCE_MS = 3_000
/** The heavy decoder loads its binary before its first answer; the light one need not wait for it longer than this. */
const SILENCE_MS = 1_500
/** A code that was just told is not told again while it stays before the camera. */
const SAME_CODE_MS = 10_000

interface Detector {
  detect: (source: CanvasImageSource) => Promise<readonly { rawValue: string }[]>
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector

type Decoder = (pixels: ImageData) => Promise<string | null>

/** A decoder that did not load, or fell silent over a frame, reads nothing; it never holds up the others. */
function byWorker(address: string, wasm?: string): { decode: Decoder; stop: () => void } {
  const worker = new Worker(scriptUrl(address), { type: 'module' })
  let dead = false
  let answer: (text: string | null) => void = () => undefined
  worker.onmessage = ({ data }: MessageEvent<Reading>) => answer(data.text)
  worker.onerror = () => {
    dead = true
    answer(null)
  }
  const decode: Decoder = pixels =>
    new Promise(resolve => {
      if (dead) return resolve(null)
      const silence = setTimeout(() => resolve(null), SILENCE_MS)
      answer = text => {
        clearTimeout(silence)
        resolve(text)
      }
      const data = pixels.data.slice().buffer
      const frame: Frame = { width: pixels.width, height: pixels.height, data, ...(wasm !== undefined && { wasm }) }
      worker.postMessage(frame, [data])
    })
  return { decode, stop: () => worker.terminate() }
}

/** Whether 400 KB more are fair on this connection. */
function worthLoading(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean; effectiveType?: string } }
  return connection?.saveData !== true && !/2g/.test(connection?.effectiveType ?? '')
}

export class CodeReader {
  private readonly video: HTMLVideoElement
  private readonly tell: (text: string) => void
  private readonly canvas = document.createElement('canvas')
  private readonly native: Detector | null
  private readonly workers: { decode: Decoder; stop: () => void }[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private firstFrameAt = 0
  private heavy = false
  private told = { text: '', at: Number.NEGATIVE_INFINITY }
  private stopped = false

  constructor(video: HTMLVideoElement, tell: (text: string) => void) {
    this.video = video
    this.tell = tell
    this.canvas.width = this.canvas.height = SIDE_PX
    const native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
    this.native = native === undefined ? null : new native({ formats: ['qr_code'] })
    if (this.native === null) this.workers.push(byWorker(lightUrl))
    this.timer = setTimeout(() => void this.look(), 0)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    for (const worker of this.workers) worker.stop()
  }

  private async look(): Promise<void> {
    const startedAt = performance.now()
    const pixels = this.frame()
    if (pixels !== null) {
      this.firstFrameAt ||= startedAt
      this.join(startedAt - this.firstFrameAt)
      const text = await this.read(pixels)
      if (this.stopped) return
      if (text !== null) this.report(text)
    }
    this.timer = setTimeout(() => void this.look(), Math.max(0, FRAME_EVERY_MS - (performance.now() - startedAt)))
  }

  /** The middle square of the picture: what the cashier sees inside the frame. */
  private frame(): ImageData | null {
    const { videoWidth: width, videoHeight: height } = this.video
    const context = this.canvas.getContext('2d', { willReadFrequently: true })
    if (width === 0 || context === null || document.hidden) return null
    const side = Math.min(width, height)
    context.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE_PX, SIDE_PX)
    return context.getImageData(0, 0, SIDE_PX, SIDE_PX)
  }

  /** More eyes when the ones that look see nothing. */
  private join(lookingMs: number): void {
    const patience = this.native === null ? PATIENCE_MS : 2 * PATIENCE_MS
    if (this.native !== null && this.workers.length === 0 && lookingMs > PATIENCE_MS) this.workers.push(byWorker(lightUrl))
    if (this.heavy || lookingMs <= patience || !worthLoading()) return
    this.heavy = true
    this.workers.push(byWorker(heavyUrl, new URL(wasmUrl, location.href).href))
  }

  private async read(pixels: ImageData): Promise<string | null> {
    const found = this.native === null ? [] : await this.native.detect(this.canvas).catch(() => [])
    if (found[0] !== undefined) return found[0].rawValue
    const texts = await Promise.all(this.workers.map(worker => worker.decode(pixels)))
    return texts.find(text => text !== null) ?? null
  }

  private report(text: string): void {
    const now = performance.now()
    const same = text === this.told.text && now - this.told.at < SAME_CODE_MS
    this.told = { text, at: same ? this.told.at : now }
    if (!same) this.tell(text)
  }
}
