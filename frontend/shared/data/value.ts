/** One value that screens can watch. */
import { useEffect, useState } from 'preact/hooks'

export class Value<T> {
  private current: T
  private readonly watchers = new Set<(value: T) => void>()

  constructor(first: T) {
    this.current = first
  }

  get(): T {
    return this.current
  }

  set(next: T): void {
    if (Object.is(next, this.current)) return
    this.current = next
    for (const watcher of [...this.watchers]) watcher(next)
  }

  watch(watcher: (value: T) => void): () => void {
    this.watchers.add(watcher)
    return () => {
      this.watchers.delete(watcher)
    }
  }
}

export function useValue<T>(value: Value<T>): T {
  const [seen, setSeen] = useState(() => value.get())
  useEffect(() => {
    setSeen(() => value.get())
    return value.watch(next => setSeen(() => next))
  }, [value])
  return seen
}
