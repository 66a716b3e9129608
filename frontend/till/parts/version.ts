/** Whether a newer till has come in behind the open one. The page never reloads by itself: a basket may be open. */
import { useEffect, useState } from 'preact/hooks'

const ASK_EVERY_MS = 60 * 60 * 1000

export function useNewVersion(): boolean {
  const [newer, setNewer] = useState(false)
  useEffect(() => {
    const host = navigator.serviceWorker
    if (host === undefined || host.controller === null) return
    const changed = (): void => setNewer(true)
    const ask = (): void => {
      if (document.visibilityState === 'visible') void host.getRegistration('/till').then(found => found?.update().catch(() => undefined))
    }
    host.addEventListener('controllerchange', changed)
    document.addEventListener('visibilitychange', ask)
    const timer = setInterval(ask, ASK_EVERY_MS)
    return () => {
      host.removeEventListener('controllerchange', changed)
      document.removeEventListener('visibilitychange', ask)
      clearInterval(timer)
    }
  }, [])
  return newer
}
