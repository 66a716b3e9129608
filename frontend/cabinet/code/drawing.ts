/** The code as one SVG path: QR version 1, level Q, with its quiet zone of four modules. */
import { encode } from 'uqr'

const QUIET = 4

export interface Drawing {
  /** Modules on a side, quiet zone included. */
  size: number
  path: string
}

export function drawing(digits: string): Drawing {
  const { data, size, version } = encode(digits, { ecc: 'Q', minVersion: 1, maxVersion: 1, boostEcc: false, border: QUIET })
  if (version !== 1) throw new RangeError('the code outgrew version 1')
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < size; x += 1) {
      if (!row[x]) continue
      let end = x
      while (row[end + 1]) end += 1
      path += `M${x} ${y}h${end - x + 1}v1h-${end - x + 1}z`
      x = end
    }
  })
  return { size, path }
}
