/** Light, dark, or as the device says. */
import { readCookie, writeCookie } from '../words/language.ts'

export type Theme = 'auto' | 'light' | 'dark'

export function theme(): Theme {
  const chosen = readCookie('theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto'
}

/** Kept in a cookie, so that the server's page starts in the right theme without a flash. */
export function chooseTheme(next: Theme): void {
  writeCookie('theme', next)
  applyTheme()
}

export function applyTheme(): void {
  const chosen = theme()
  if (chosen === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen
}
