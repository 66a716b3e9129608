/** Which till this is, always in view, and the way to its menu. */
import type { ComponentChildren } from 'preact'
import type { TillFactsFragment } from '../graph/documents.ts'
import { say } from '../words/say.ts'
import css from './Header.module.css'
import { MenuIcon } from './icons.tsx'

/** A till named after its outlet says the outlet once. */
function placeOf({ name, outlet }: TillFactsFragment): string {
  return name.startsWith(outlet.name) ? name : `${outlet.name} · ${name}`
}

interface HeaderProps {
  till: TillFactsFragment | null
  /** Beside the menu: what else must always be in view. */
  children?: ComponentChildren
  onMenu: () => void
}

export function Header({ till, children, onMenu }: HeaderProps) {
  return (
    <header class={css['header']}>
      <div class={css['inside']}>
        <div class={css['names']}>
          <p class={css['partner']}>{till === null ? say('app.title') : `${say('app.title')} · ${till.partner.name}`}</p>
          {till !== null && <p class={css['outlet']}>{placeOf(till)}</p>}
        </div>
        {children}
        <button type="button" class={css['menu']} aria-label={say('app.menu')} aria-haspopup="dialog" onClick={onMenu}>
          <MenuIcon />
        </button>
      </div>
    </header>
  )
}
