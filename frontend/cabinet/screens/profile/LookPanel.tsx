/** Language and theme of this browser; whoever is signed in gets letters in that language too. */
import { useState } from 'preact/hooks'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { chooseTheme, theme, type Theme } from '../../../shared/style/theme.ts'
import { language, type Language } from '../../../shared/words/language.ts'
import { redraw } from '../../data/redraw.ts'
import { answers, session } from '../../data/session.ts'
import { ChangeProfileDocument } from '../../graph/documents.ts'
import { changeLanguage, words } from '../../words/words.ts'
import css from './ProfileScreen.module.css'
import { dataWords } from './words.ts'

const LANGUAGES: readonly (readonly [Language, string])[] = [['ru', 'Русский'], ['en', 'English']]

export function LookPanel() {
  const [look, setLook] = useState(theme())
  const speak = async (next: Language): Promise<void> => {
    await changeLanguage(next)
    redraw.set(redraw.get() + 1)
    if (session.get() === 'in') {
      const answer = await attempt(ChangeProfileDocument, { input: { language: next === 'en' ? 'EN' : 'RU' } })
      if ('problem' in answer) toast.set(answer.problem.message)
    }
    await answers.stir()
  }
  const paint = (next: Theme): void => {
    chooseTheme(next)
    setLook(next)
  }
  return (
    <Panel title={words.profile.look}>
      <Choices inOwnLanguage name="language" legend={words.profile.language} value={language()} options={LANGUAGES} onChange={next => void speak(next)} />
      <p class={css['note']}>{dataWords().letters}</p>
      <Choices name="theme" legend={words.profile.theme} value={look} options={(['auto', 'light', 'dark'] as const).map(one => [one, words.profile.themes[one]] as const)} onChange={paint} />
    </Panel>
  )
}
