/** A screen that is loaded when it is first needed. */
import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { loadedWell, reloadOnce } from '../data/updates.ts'
import { Failed } from './states.tsx'

/** Shows nothing for the short moment of loading; a part that cannot be loaded reloads the page once, then says so. */
export function late<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Ready: FunctionComponent<Props> | undefined
  return function Late(props: Props) {
    const [, redraw] = useState(0)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (Ready) return
      load().then(
        component => {
          Ready = component
          loadedWell()
          redraw(one => one + 1)
        },
        () => {
          if (!reloadOnce()) setFailed(true)
        },
      )
    }, [])
    if (Ready) return <Ready {...props} />
    return failed ? <Failed /> : null
  }
}
