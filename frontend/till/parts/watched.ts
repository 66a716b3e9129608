/** Draws anew whenever the desk or the counter steps. */
import { useEffect, useState } from 'preact/hooks'

interface Watched<State> {
  readonly state: State
  readonly watch: (watcher: () => void) => () => void
}

export function useWatched<State>(watched: Watched<State>): State {
  const [state, setState] = useState(watched.state)
  useEffect(() => {
    setState(watched.state)
    return watched.watch(() => setState(watched.state))
  }, [watched])
  return state
}
