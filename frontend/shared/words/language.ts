/** The reader's language: what they chose, else the first of theirs that we speak, else Russian. */

export type Language = 'ru' | 'en'

export function spoken(chosen: string | undefined, preferred: readonly string[]): Language {
  if (chosen === 'ru' || chosen === 'en') return chosen
  for (const one of preferred) {
    if (one.startsWith('ru')) return 'ru'
    if (one.startsWith('en')) return 'en'
  }
  return 'ru'
}

let current: Language | undefined

export function language(): Language {
  current ??= spoken(readCookie('language'), navigator.languages)
  return current
}

/** Kept in a cookie, so that the server draws the landing page in the same language. */
export function chooseLanguage(next: Language): void {
  writeCookie('language', next)
  current = next
  document.documentElement.lang = next
}

export function readCookie(name: string): string | undefined {
  return document.cookie.split('; ').find(one => one.startsWith(`${name}=`))?.slice(name.length + 1)
}

export function writeCookie(name: string, value: string): void {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`
}
