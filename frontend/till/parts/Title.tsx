/** The heading of a screen. It takes the focus that the screen before left nowhere, so that keyboards and readers start at the top. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export function Title({ unseen, children }: { unseen?: boolean; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) heading.current?.focus()
  }, [])
  return (
    <h1 class={unseen ? 'unseen' : 'title'} ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
