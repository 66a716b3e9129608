/** A part that not every receipt needs: it is loaded when it is first shown, and shows nothing until it is here. */
import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export function late<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Ready: FunctionComponent<Props> | undefined
  return function Late(props: Props) {
    const [, redraw] = useState(0)
    useEffect(() => {
      if (Ready) return
      // Without a network it is tried again the next time it is shown.
      load().then(part => {
        Ready = part
        redraw(count => count + 1)
      }, () => undefined)
    }, [])
    return Ready ? <Ready {...props} /> : null
  }
}
