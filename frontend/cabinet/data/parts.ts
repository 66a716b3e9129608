/** Draws a page's first screen part by part, each in a task of its own, so that a slow phone can answer a touch in between. */
import { useLayoutEffect, useState } from 'preact/hooks'

/** Code that has run once runs quickly: after the first screen everything is drawn at once. */
let isWarm = false

/** How many of the parts may be drawn: none until all is ready, then one more a task. What was drawn stays. */
export function useParts(ready: boolean, parts: number): number {
  const [drawn, setDrawn] = useState(isWarm ? parts : 0)
  useLayoutEffect(() => {
    if (!ready || drawn >= parts) return
    const timer = setTimeout(() => setDrawn(drawn + 1))
    return () => clearTimeout(timer)
  }, [ready, drawn])
  return drawn
}

/** The first screen stands. */
export function warm(): void {
  isWarm = true
}
