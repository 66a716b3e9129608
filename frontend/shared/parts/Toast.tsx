/** A sentence that comes by itself and goes by itself: six seconds, longer while it is looked at. */
import { useEffect, useState } from 'preact/hooks'
import { Value, useValue } from '../data/value.ts'
import css from './Toast.module.css'

const STAY_MS = 6_000

export const toast = new Value<string | null>(null)

export function Toast() {
  const text = useValue(toast)
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!text || held) return
    const timer = setTimeout(() => toast.set(null), STAY_MS)
    return () => clearTimeout(timer)
  }, [text, held])
  return (
    <div class={css['place']} role="status">
      {text && <p class={css['toast']} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>{text}</p>}
    </div>
  )
}
