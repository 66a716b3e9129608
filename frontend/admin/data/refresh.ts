/** Asks again by itself what is on screen, while somebody is there to look. */
import { useEffect, useState } from 'preact/hooks'
import { answers } from './session.ts'

const EVERY_MS = 20_000
/** Every question prolongs the session: one that nobody sits at must still end. */
const PATIENCE_MS = 5 * 60_000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Whether it has stopped for want of a sign of life, and what starts it anew. */
export function useRefresh(everyMs = EVERY_MS, patienceMs = PATIENCE_MS): { stopped: boolean; again: () => void } {
  const [stopped, setStopped] = useState(false)
  useEffect(() => {
    if (stopped) return
    let seen = Date.now()
    const sign = (): void => {
      seen = Date.now()
    }
    for (const name of SIGNS) addEventListener(name, sign, { passive: true })
    const timer = setInterval(() => {
      if (document.hidden) return
      if (Date.now() - seen > patienceMs) setStopped(true)
      else void answers.stir()
    }, everyMs)
    return () => {
      clearInterval(timer)
      for (const name of SIGNS) removeEventListener(name, sign)
    }
  }, [stopped])
  const again = (): void => {
    setStopped(false)
    void answers.stir()
  }
  return { stopped, again }
}
