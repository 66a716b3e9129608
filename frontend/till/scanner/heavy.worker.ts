/** The second decoder: reads far, dim and noisy codes that the first one cannot; its binary is ours and loaded only when wanted. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import type { Frame, Reading } from './frames.ts'

let prepared = false

addEventListener('message', async ({ data: frame }: MessageEvent<Frame>) => {
  if (!prepared) prepareZXingModule({ overrides: { locateFile: () => frame.wasm ?? '' } })
  prepared = true
  let text: string | null = null
  try {
    const image = new ImageData(new Uint8ClampedArray(frame.data), frame.width, frame.height)
    const [first] = await readBarcodes(image, { formats: ['QRCode'], tryHarder: true, tryInvert: true, maxNumberOfSymbols: 1 })
    text = first?.text ?? null
  } catch {
    text = null
  }
  postMessage({ text } satisfies Reading)
})
