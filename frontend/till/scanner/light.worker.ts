/** The first decoder: small, in plain JavaScript, off the page's thread. */
import { decodeQR } from 'qr/decode.js'
import type { Frame, Reading } from './frames.ts'

/** The page waits for the answer before it sends the next frame, so there is time for every hypothesis. */
const TIME_LIMIT_MS = 80

addEventListener('message', ({ data: frame }: MessageEvent<Frame>) => {
  let text: string | null = null
  try {
    text = decodeQR({ width: frame.width, height: frame.height, data: new Uint8Array(frame.data) }, { timeLimit: TIME_LIMIT_MS })
  } catch {
    text = null
  }
  postMessage({ text } satisfies Reading)
})
