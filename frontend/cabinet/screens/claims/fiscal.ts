/** The code on a fiscal receipt: read off a picture on the device itself, and taken apart for the form. */
import { decodeQR } from 'qr/decode.js'

export interface Fiscal {
  text: string
  /** As a date field takes it. */
  date: string
  sum: string
  number: string
}

const SIDE_MAX = 1600

/** What a scanned text says, or null where it is no receipt. The server reads it anew and decides. */
export function readFiscal(text: string): Fiscal | null {
  const members = new URLSearchParams(text.trim())
  const moment = /^(\d{4})(\d{2})(\d{2})T\d{4}(\d{2})?$/.exec(members.get('t') ?? '')
  const sum = members.get('s') ?? ''
  const number = members.get('i') ?? ''
  if (moment === null || !/^\d{1,12}(\.\d{1,2})?$/.test(sum) || !/^\d{1,10}$/.test(number) || !members.has('fn') || !members.has('fp')) return null
  return { text: text.trim(), date: `${moment[1]}-${moment[2]}-${moment[3]}`, sum, number }
}

/** The text of a QR code in a picture, which never leaves the device; null where none was found. */
export async function textIn(picture: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(picture)
  const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(bitmap.width * scale)
  canvas.height = Math.round(bitmap.height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return null
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    return null
  }
}
