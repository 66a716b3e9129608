/** Says a word of the till in the reader's language. English is loaded only for those who read it. */
import { language } from '../../shared/words/language.ts'
import { ru } from './ru.ts'

export type Word = keyof typeof ru
export type Words = Readonly<Record<Word, string>>
export type Facts = Readonly<Record<string, string | number>>

let words: Words = ru

/** To be awaited before the first drawing and after a change of language. */
export async function loadWords(): Promise<void> {
  words = language() === 'ru' ? ru : (await import('./en.ts')).en
}

export function fill(sentence: string, facts: Facts): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place))
}

export function say(word: Word, facts: Facts = {}): string {
  return fill(words[word], facts)
}
