/** Frames on their way between the page and the decoders. */

export interface Frame {
  readonly width: number
  readonly height: number
  readonly data: ArrayBuffer
  /** Where the second decoder finds its binary; it never asks a foreign host for it. */
  readonly wasm?: string
}

export interface Reading {
  readonly text: string | null
}
