/** The words of the chosen language; English arrives only when it is spoken. */
import { chooseLanguage, language, type Language } from '../../shared/words/language.ts'
import { ru, type Words } from './ru.ts'

/** A live binding: whoever imports it sees the language change. */
export let words: Words = ru

export async function speak(next: Language = language()): Promise<void> {
  words = next === 'en' ? (await import('./en.ts')).en : ru
  document.documentElement.lang = next
}

export async function changeLanguage(next: Language): Promise<void> {
  chooseLanguage(next)
  await speak(next)
}
