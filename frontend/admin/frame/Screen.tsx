/** The frame of every page: rail or drawer, heading, the states of the session; a page without its right is not shown. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { classes } from '../../shared/parts/classes.ts'
import { Toast } from '../../shared/parts/Toast.tsx'
import { useRight } from '../data/rights.ts'
import { MenuIcon } from '../parts/icons.tsx'
import { words } from '../words/words.ts'
import { Drawer } from './Drawer.tsx'
import { EndedDialog } from './EndedDialog.tsx'
import { EndingLine } from './EndingLine.tsx'
import { NoAccess } from './NoAccess.tsx'
import { programmeName } from './programme.ts'
import { Rail } from './Rail.tsx'
import css from './Screen.module.css'

interface ScreenProps {
  title: string
  /** Where this page belongs: a link above the heading. */
  above?: ComponentChildren
  /** The page's own actions, opposite the heading. */
  aside?: ComponentChildren
  /** The right this page needs. */
  right?: string
  /** Text and forms, in one readable column. */
  narrow?: boolean
  children: ComponentChildren
}

export function Screen({ title, above, aside, right, narrow, children }: ScreenProps) {
  const [open, setOpen] = useState(false)
  const allowed = useRight(right ?? '') || right === undefined
  useTitle(title)
  return (
    <div class={css['frame']}>
      <a class={css['skip']} href="#main">{words.panel.skip}</a>
      <div class={classes(css['side'], 'no-print')}><Rail /></div>
      <header class={classes(css['bar'], 'no-print')}>
        <button type="button" class={css['menu']} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}><MenuIcon />{words.panel.menu}</button>
        <span class={css['programme']}>{programmeName()}</span>
      </header>
      {open && <Drawer onClose={() => setOpen(false)} />}
      <main id="main" class={classes(css['main'], narrow && css['narrow'])} tabIndex={-1}>
        {allowed
          ? (
            <>
              {above && <div class={css['above']}>{above}</div>}
              <div class={css['head']}><h1 class={css['title']}>{title}</h1>{aside && <div class={css['aside']}>{aside}</div>}</div>
              {children}
            </>
          )
          : <NoAccess right={right!} />}
      </main>
      <EndingLine />
      <EndedDialog />
      <Toast />
    </div>
  )
}

let firstPage = true

/** Names the page, and after a move inside the panel puts the reader at its start. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${programmeName()}`
  }, [title])
  useEffect(() => {
    if (firstPage) {
      firstPage = false
      return
    }
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [])
}
