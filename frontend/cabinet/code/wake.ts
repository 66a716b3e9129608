/** Keeps the screen awake while the code is open; where the device refuses, the code shows all the same. */

interface Lock {
  release: () => Promise<void>
}

export function wakeLock(): () => void {
  let lock: Lock | undefined
  let over = false
  const take = async (): Promise<void> => {
    if (document.hidden) return
    try {
      const taken = await (navigator as { wakeLock?: { request: (kind: 'screen') => Promise<Lock> } }).wakeLock?.request('screen')
      if (over) await taken?.release()
      else lock = taken
    } catch {
      lock = undefined
    }
  }
  const seen = (): void => void take()
  document.addEventListener('visibilitychange', seen)
  void take()
  return () => {
    over = true
    document.removeEventListener('visibilitychange', seen)
    void lock?.release()
  }
}
