/** The tabs of one device: one of them sends, and each hears when the queue has changed. */

/** Runs `send` unless another tab is at it; a browser without locks sends from each, which the keys allow. */
export async function alone(send: () => Promise<void>): Promise<boolean> {
  if (navigator.locks === undefined) {
    await send()
    return true
  }
  return navigator.locks.request('kunak-till-queue', { ifAvailable: true }, async lock => {
    if (lock === null) return false
    await send()
    return true
  })
}

export function tabs(): BroadcastChannel | null {
  return typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('kunak-till-queue')
}
