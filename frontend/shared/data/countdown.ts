/** Seconds left until a moment of the server's clock, counted down on screen. */
import { useEffect, useState } from 'preact/hooks'

/** A phone whose clock is wrong must not make anybody wait for hours. */
const LONGEST_MS = 300_000

export function useCountdown(until: string | undefined): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (!until) return
    const end = Date.now() + Math.min(LONGEST_MS, Math.max(0, Date.parse(until) - Date.now()))
    const count = (): void => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)))
    count()
    const timer = setInterval(count, 1000)
    return () => clearInterval(timer)
  }, [until])
  return left
}

/** «0:42» */
export function clockFace(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
