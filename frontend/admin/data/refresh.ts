/** Asks again by itself what is on screen, while somebody is there to look. */
import { useEffect, useState } from 'preact/hooks'
import { answers } from './session.ts'

const EVERY_MS = 20_000
/** Every question prolongs the session: one that nobody sits at must still end. */
const PATIENCE_MS = 5 * 60_000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const

interface RefreshOptions {
  everyMs?: number
  patienceMs?: number
  /** False while there is nothing to wait for. */
  on?: boolean
  /** What is asked; everything on screen where nothing is named. */
  look?: () => unknown
}

/** Whether it has stopped for want of a sign of life, and what starts it anew. */
export function useRefresh({ everyMs = EVERY_MS, patienceMs = PATIENCE_MS, on = true, look = () => answers.stir() }: RefreshOptions = {}): { stopped: boolean; again: () => void } {
  const [stopped, setStopped] = useState(false)
  useEffect(() => {
    if (stopped || !on) return
    let seen = Date.now()
    const sign = (): void => {
      seen = Date.now()
    }
    for (const name of SIGNS) addEventListener(name, sign, { passive: true })
    const timer = setInterval(() => {
      if (document.hidden) return
      if (Date.now() - seen > patienceMs) setStopped(true)
      else void look()
    }, everyMs)
    return () => {
      clearInterval(timer)
      for (const name of SIGNS) removeEventListener(name, sign)
    }
  }, [stopped, on])
  const again = (): void => {
    setStopped(false)
    void look()
  }
  return { stopped, again }
}
