/** A part that not every receipt needs: it is loaded when it is first shown, and shows nothing until it is here. */
import type { FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export function late<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let Ready: FunctionComponent<Props> | undefined
  return function Late(props: Props) {
    const [, redraw] = useState(0)
    const [opener] = useState(() => document.activeElement)
    useEffect(() => {
      if (Ready) return
      // Without a network it is tried again the next time it is shown.
      load().then(part => {
        Ready = part
        // A form that came meanwhile may have taken the focus, and a sheet gives it back to who has it when it opens.
        if (opener instanceof HTMLElement) opener.focus()
        redraw(count => count + 1)
      }, () => undefined)
    }, [])
    return Ready ? <Ready {...props} /> : null
  }
}
