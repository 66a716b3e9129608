/** The cabinet's service worker: the whole cabinet stands without a network; answers of the server are never kept here. */
export {}

declare const KEPT: string[]
declare const VERSION: string

/** The page types and the worker types name one global differently. */
const scope = self as unknown as ServiceWorkerGlobalScope

const CACHE = `cabinet-${VERSION}`
const SHELL = '/card'
const STATIC = ['/cabinet.webmanifest', '/favicon.ico', '/icon-192.png']
const NETWORK_PATIENCE_MS = 2_000
/** The landing page, the till and the server's own addresses are not the cabinet's. */
const OURS = /^\/(card(\/code)?|purchases|partners|booking|shop|profile|join|confirm|sign-in|forgot|reset)?$/

scope.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll([...KEPT, ...STATIC, SHELL])))
})

scope.addEventListener('activate', event => {
  event.waitUntil((async () => {
    // The version before stays: an app that was left open still asks for its parts.
    const versions = (await caches.keys()).filter(name => name.startsWith('cabinet-'))
    await Promise.all(versions.slice(0, -2).map(name => caches.delete(name)))
    await scope.clients.claim()
  })())
})

scope.addEventListener('message', event => {
  if (event.data === 'start') void scope.skipWaiting()
})

scope.addEventListener('fetch', event => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (OURS.test(address.pathname)) event.respondWith(page(request))
    return
  }
  if (address.pathname.startsWith('/assets/') || STATIC.includes(address.pathname)) event.respondWith(kept(request))
})

async function page(request: Request): Promise<Response> {
  const patience = AbortSignal.timeout(NETWORK_PATIENCE_MS)
  try {
    const fresh = await fetch(request, { signal: patience })
    if (fresh.status < 500) return fresh
  } catch {
    // No network, or too slow a one: the kept shell opens instead.
  }
  return (await caches.match(SHELL)) ?? Response.error()
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}
