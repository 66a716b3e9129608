/** A sheet from the bottom on a phone, a dialog in the middle on a wider screen: one native `<dialog>`. */
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { partWords } from '../words/parts.ts'
import { CrossIcon } from './icons.tsx'
import css from './Sheet.module.css'

interface SheetProps {
  title: string
  onClose: () => void
  children: ComponentChildren
  /** Stays in view below the scrolling content. */
  foot?: ComponentChildren
}

/** Mounted means open. The browser traps the focus, closes on Esc and gives the focus back. */
export function Sheet({ title, onClose, children, foot }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    if (!element) return
    const opener = document.activeElement
    element.showModal()
    return () => {
      element.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog} class={css['sheet']} aria-labelledby={id}
      onCancel={event => { event.preventDefault(); onClose() }}
      onClick={event => { if (event.target === dialog.current) onClose() }}
    >
      <div class={css['inside']}>
        <header class={css['head']}>
          <h2 class={css['title']} id={id} tabIndex={-1} autofocus>{title}</h2>
          <button type="button" class={css['close']} aria-label={partWords().close} onClick={onClose}><CrossIcon /></button>
        </header>
        <div class={css['body']} tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
        {foot && <footer class={css['foot']}>{foot}</footer>}
      </div>
    </dialog>
  )
}
