/** Work that can wait until what the reader looks at has been drawn. */

const PATIENCE_MS = 1_000

/** Does it once the page has nothing better to do, after a second at the latest; the answer calls it off. */
export function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, PATIENCE_MS / 2)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(work, { timeout: PATIENCE_MS })
  return () => cancelIdleCallback(handle)
}
