/** Keeps the screen lit while the till is open. Some browsers refuse; the till works all the same. */

interface WakeLockHost {
  wakeLock?: { request: (kind: 'screen') => Promise<{ release: () => Promise<void> }> }
}

/** The lock falls with every hiding of the page, so it is asked for again when the page is seen and touched. */
export function stayAwake(): () => void {
  let lock: { release: () => Promise<void> } | null = null
  const ask = (): void => {
    if (document.visibilityState !== 'visible') return
    const host = navigator as WakeLockHost
    host.wakeLock?.request('screen').then(
      granted => (lock = granted),
      () => undefined,
    )
  }
  ask()
  document.addEventListener('visibilitychange', ask)
  document.addEventListener('pointerdown', ask, { once: true })
  return () => {
    document.removeEventListener('visibilitychange', ask)
    document.removeEventListener('pointerdown', ask)
    void lock?.release()
  }
}
