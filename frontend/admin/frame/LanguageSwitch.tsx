/** The other language, one press away, before anybody is signed in. */
import { language } from '../../shared/words/language.ts'
import { redraw } from '../data/redraw.ts'
import { answers } from '../data/session.ts'
import { changeLanguage } from '../words/words.ts'
import css from './LanguageSwitch.module.css'

const NAMES = { ru: 'Русский', en: 'English' } as const

export function LanguageSwitch() {
  const other = language() === 'ru' ? 'en' : 'ru'
  const speak = async (): Promise<void> => {
    await changeLanguage(other)
    redraw.set(redraw.get() + 1)
    await answers.stir()
  }
  return (
    <button type="button" class={css['switch']} lang={other} onClick={() => void speak()}>
      {NAMES[other]}
    </button>
  )
}
