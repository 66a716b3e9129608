/** One key for one command, however often it is sent: a lost answer is heard again, another command has another key. */
import { useRef } from 'preact/hooks'

export function useKey(): (command: string) => string {
  const kept = useRef<{ command: string; key: string } | undefined>(undefined)
  return command => {
    if (kept.current?.command !== command) kept.current = { command, key: crypto.randomUUID() }
    return kept.current.key
  }
}
