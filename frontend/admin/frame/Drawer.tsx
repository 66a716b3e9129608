/** The rail on a narrow screen: a native dialog at the left edge. */
import { useEffect, useRef } from 'preact/hooks'
import { CrossIcon } from '../../shared/parts/icons.tsx'
import { partWords } from '../../shared/words/parts.ts'
import { words } from '../words/words.ts'
import css from './Drawer.module.css'
import { Rail } from './Rail.tsx'

export function Drawer({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog} class={css['drawer']} aria-label={words.panel.menu}
      onCancel={event => { event.preventDefault(); onClose() }}
      onClick={event => { if (event.target === dialog.current) onClose() }}
    >
      <button type="button" class={css['close']} aria-label={partWords().close} onClick={onClose}><CrossIcon /></button>
      <Rail onMove={onClose} />
    </dialog>
  )
}
