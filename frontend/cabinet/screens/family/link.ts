/** The link of an invitation, and the same link as a code that any phone camera opens. */
import { encode } from 'uqr'

const QUIET = 4

export function linkOf(token: string, origin = location.origin): string {
  return `${origin}/family/join?token=${encodeURIComponent(token)}`
}

export interface LinkDrawing {
  /** Modules on a side, quiet zone included. */
  size: number
  path: string
}

export function drawLink(link: string): LinkDrawing {
  const { data, size } = encode(link, { ecc: 'M', border: QUIET })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return { size, path }
}
