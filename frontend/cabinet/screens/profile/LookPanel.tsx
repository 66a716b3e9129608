/** Language and theme: kept in this browser, nothing is sent. */
import { useState } from 'preact/hooks'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { chooseTheme, theme, type Theme } from '../../../shared/style/theme.ts'
import { language, type Language } from '../../../shared/words/language.ts'
import { redraw } from '../../data/redraw.ts'
import { answers } from '../../data/session.ts'
import { changeLanguage, words } from '../../words/words.ts'

const LANGUAGES: readonly (readonly [Language, string])[] = [['ru', 'Русский'], ['en', 'English']]

export function LookPanel() {
  const [look, setLook] = useState(theme())
  const speak = (next: Language): void => void changeLanguage(next).then(() => {
    redraw.set(redraw.get() + 1)
    return answers.stir()
  })
  const paint = (next: Theme): void => {
    chooseTheme(next)
    setLook(next)
  }
  return (
    <Panel title={words.profile.look}>
      <Choices inOwnLanguage name="language" legend={words.profile.language} value={language()} options={LANGUAGES} onChange={speak} />
      <Choices name="theme" legend={words.profile.theme} value={look} options={(['auto', 'light', 'dark'] as const).map(one => [one, words.profile.themes[one]] as const)} onChange={paint} />
    </Panel>
  )
}
