/** The camera behind the scan: which one, how it is opened, and why it did not open. */

export type CameraFault = 'NotAllowed' | 'NotFound' | 'NotReadable' | 'Insecure' | 'Other'

export interface Camera {
  readonly stream: MediaStream
  readonly deviceId: string
  /** How many cameras the device has: with more than one there is a way to change. */
  readonly count: number
  readonly torch: boolean
}

const REMEMBERED = 'kunak.till.camera'
const BACK = /back|rear|environment|задн|тыл|основн/i
const FRONT = /front|user|facetime|перед|фронт/i
/** Lenses that do not focus at arm's length, or are blind to colour. */
const ODD_LENS = /ultra|wide|tele|macro|depth|infrared|\bir\b|сверх|широк|теле|макро/i

/** The names seen in browsers, each with its own cure. */
export function faultOf(error: unknown): CameraFault {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'Insecure') return 'Insecure'
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'NotAllowed'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'NotFound'
  if (name === 'NotReadableError' || name === 'AbortError') return 'NotReadable'
  return 'Other'
}

type Named = Pick<MediaDeviceInfo, 'deviceId' | 'label' | 'kind'>

/** The plain back camera by its label; labels are readable only once the camera is allowed. Null when nothing tells. */
export function backCamera(devices: readonly Named[]): string | null {
  const back = devices.filter(({ kind, label }) => kind === 'videoinput' && BACK.test(label) && !FRONT.test(label))
  const plain = back.filter(({ label }) => !ODD_LENS.test(label)).sort((one, other) => one.label.localeCompare(other.label, 'en', { numeric: true }))
  return (plain[0] ?? back[0])?.deviceId ?? null
}

/** The camera after this one, round and round. */
export function nextCamera(devices: readonly Named[], current: string): string | null {
  const ids = devices.filter(({ kind }) => kind === 'videoinput').map(({ deviceId }) => deviceId)
  return ids[(ids.indexOf(current) + 1) % ids.length] ?? null
}

function constraints(deviceId: string | null): MediaStreamConstraints {
  const which: MediaTrackConstraints = deviceId === null ? { facingMode: { ideal: 'environment' } } : { deviceId: { exact: deviceId } }
  return { audio: false, video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } } }
}

async function stream(deviceId: string | null): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints(deviceId))
  } catch (error) {
    // A remembered camera may have been unplugged since.
    if (deviceId === null || faultOf(error) !== 'NotFound') throw error
    localStorage.removeItem(REMEMBERED)
    return navigator.mediaDevices.getUserMedia(constraints(null))
  }
}

function idOf(media: MediaStream): string {
  return media.getVideoTracks()[0]?.getSettings().deviceId ?? ''
}

/** Opens the wanted camera, else the remembered one, else the plain back one. To be called from a tap. */
export async function openCamera(wanted: string | null = null): Promise<Camera> {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error('no camera without https'), { name: 'Insecure' })
  const chosen = wanted ?? localStorage.getItem(REMEMBERED)
  let media = await stream(chosen)
  const devices = await navigator.mediaDevices.enumerateDevices()
  const better = chosen === null ? backCamera(devices) : null
  if (better !== null && better !== idOf(media)) {
    stopCamera(media)
    media = await stream(better)
  }
  if (wanted !== null) localStorage.setItem(REMEMBERED, wanted)
  const track = media.getVideoTracks()[0]
  const able = (track?.getCapabilities?.() ?? {}) as MediaTrackCapabilities & { torch?: boolean }
  return { stream: media, deviceId: idOf(media), count: devices.filter(({ kind }) => kind === 'videoinput').length, torch: able.torch === true }
}

/** The other camera of the device, remembered from now on. */
export async function otherCamera(current: Camera): Promise<Camera> {
  const next = nextCamera(await navigator.mediaDevices.enumerateDevices(), current.deviceId)
  stopCamera(current.stream)
  return openCamera(next)
}

export async function light(camera: Camera, on: boolean): Promise<void> {
  const torch = { advanced: [{ torch: on } as MediaTrackConstraintSet] }
  await camera.stream
    .getVideoTracks()[0]
    ?.applyConstraints(torch)
    .catch(() => undefined)
}

export function stopCamera(media: MediaStream): void {
  for (const track of media.getTracks()) track.stop()
}
