/** The till's service worker: keeps the page itself, so that it opens without network. Sales and scans never pass through it. */
const worker = self as unknown as ServiceWorkerGlobalScope
/** Written by the build: the files of this version, and its name. */
declare const KEPT: string[]
declare const VERSION: string

const PAGE = '/till'
const STATIC = ['/till.webmanifest', '/favicon.ico', '/icon-192.png']
const PREFIX = 'till-'
const CACHE = `${PREFIX}${VERSION}`
const NETWORK_PATIENCE_MS = 2_000

worker.addEventListener('install', event => {
  event.waitUntil(keepShell())
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([PAGE, ...STATIC, ...KEPT])
  await worker.skipWaiting()
}

/** The version before stays: a page that is still open may ask for its parts. */
worker.addEventListener('activate', event => {
  event.waitUntil(dropOld())
})

async function dropOld(): Promise<void> {
  const ours = (await caches.keys()).filter(name => name.startsWith(PREFIX))
  const old = ours.filter(name => name !== CACHE).slice(0, -1)
  await Promise.all(old.map(name => caches.delete(name)))
  await worker.clients.claim()
}

worker.addEventListener('fetch', event => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin) return
  if (request.mode === 'navigate' && address.pathname === PAGE) event.respondWith(page(request))
  else if (address.pathname.startsWith('/assets/') || STATIC.includes(address.pathname)) event.respondWith(asset(request))
})

/** The network first; a server that hesitates loses to the kept page. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match(PAGE, { ignoreSearch: true })
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(NETWORK_PATIENCE_MS) } : {})
    if (answer.ok) return answer
    return kept ?? answer
  } catch (fault) {
    if (kept) return kept
    throw fault
  }
}

/** A part's name holds its content's hash: once kept, it never changes. */
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone())
  return answer
}
