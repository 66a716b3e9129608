/** The service worker: registered once, updated only when the reader agrees. */
import { scriptUrl } from '../../shared/trust.ts'
import { Value } from '../../shared/data/value.ts'

const CHECK_EVERY_MS = 3_600_000
const RELOADED = 'kunak.reloaded'

/** Set while a new version waits; calling it starts the new version. */
export const update = new Value<(() => void) | null>(null)

export function registerWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  void navigator.serviceWorker.register(scriptUrl('/sw.js'), { updateViaCache: 'none' }).then(registration => {
    const offer = (worker: ServiceWorker | null): void => {
      if (!worker || !navigator.serviceWorker.controller) return
      update.set(() => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
        worker.postMessage('start')
      })
    }
    offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh?.addEventListener('statechange', () => {
        if (fresh.state === 'installed') offer(fresh)
      })
    })
    const check = (): void => void registration.update().catch(() => undefined)
    setInterval(check, CHECK_EVERY_MS)
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) check()
    })
  }).catch(() => undefined)
}

/** A part of an older version is gone from the server: load the page once more, and only once. */
export function reloadOnce(): boolean {
  if (sessionStorage.getItem(RELOADED)) return false
  sessionStorage.setItem(RELOADED, '1')
  location.reload()
  return true
}

export function loadedWell(): void {
  sessionStorage.removeItem(RELOADED)
}
