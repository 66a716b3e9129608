/** Names in Cyrillic, and what was probably meant by Latin letters. */

const CYRILLIC = /^[\u0400-\u04ff]+([- '’][\u0400-\u04ff]+)*$/
const ANY = /^[\p{L}\p{M}]+([- '’][\p{L}\p{M}]+)*$/u
const KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
const LETTERS = 'йцукенгшщзхъфывапролджэячсмитьбюё'
const SOUNDS: readonly (readonly [string, string])[] = [
  ['shch', 'щ'], ['sch', 'щ'], ['kh', 'х'], ['ts', 'ц'], ['ch', 'ч'], ['sh', 'ш'], ['zh', 'ж'], ['yu', 'ю'], ['ya', 'я'], ['yo', 'ё'],
  ['a', 'а'], ['b', 'б'], ['v', 'в'], ['g', 'г'], ['d', 'д'], ['e', 'е'], ['z', 'з'], ['i', 'и'], ['y', 'й'], ['k', 'к'], ['l', 'л'], ['m', 'м'], ['n', 'н'],
  ['o', 'о'], ['p', 'п'], ['r', 'р'], ['s', 'с'], ['t', 'т'], ['u', 'у'], ['f', 'ф'], ['h', 'х'], ['c', 'ц'], ['w', 'в'], ['j', 'й'], ['q', 'к'], ['x', 'кс'],
]
const VOWEL_SHARE = 0.25

export function tidyName(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

export function isName(text: string, cyrillicOnly: boolean): boolean {
  return (cyrillicOnly ? CYRILLIC : ANY).test(tidyName(text).normalize('NFC'))
}

function capital(text: string): string {
  return text.replace(/(^|[- ])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
}

function byKeys(text: string): string {
  return [...text].map(key => LETTERS[KEYS.indexOf(key)] ?? key).join('')
}

function bySound(text: string): string {
  let rest = text
  let heard = ''
  while (rest) {
    const sound = SOUNDS.find(([latin]) => rest.startsWith(latin))
    heard += sound ? sound[1] : rest[0]
    rest = rest.slice(sound ? sound[0].length : 1)
  }
  return heard
}

/** «Gtnhjd» was typed under the Latin layout, «Petrov» was spelled in Latin: offers «Петров» for both, or nothing. */
export function meantName(text: string): string | null {
  const typed = tidyName(text).toLowerCase()
  const latin = typed.match(/[a-z]/g)
  if (!latin) return null
  const spelled = typed.includes('shch') || latin.filter(letter => 'aeio'.includes(letter)).length / latin.length >= VOWEL_SHARE
  const meant = capital(spelled ? bySound(typed) : byKeys(typed))
  return isName(meant, true) ? meant : null
}
