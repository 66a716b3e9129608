/** Language and theme: kept in this browser, nothing is sent. */
import { useState } from 'react'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { chooseTheme, theme, type Theme } from '../../../shared/style/theme.ts'
import { language, type Language } from '../../../shared/words/language.ts'
import { redraw } from '../../data/redraw.ts'
import { answers } from '../../data/session.ts'
import { changeLanguage, words } from '../../words/words.ts'
import css from './ProfileScreen.module.css'

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
      <Choices name="language" legend={words.profile.language} value={language()} options={LANGUAGES} onChange={speak} />
      <Choices name="theme" legend={words.profile.theme} value={look} options={(['auto', 'light', 'dark'] as const).map(one => [one, words.profile.themes[one]] as const)} onChange={paint} />
    </Panel>
  )
}

interface ChoicesProps<Value extends string> {
  name: string
  legend: string
  value: Value
  options: readonly (readonly [Value, string])[]
  onChange: (value: Value) => void
}

function Choices<Value extends string>({ name, legend, value, options, onChange }: ChoicesProps<Value>) {
  return (
    <fieldset class={css['choices']}>
      <legend>{legend}</legend>
      {options.map(([key, text]) => (
        <label key={key} class={css['choice']} lang={name === 'language' ? key : undefined}>
          <input type="radio" name={name} value={key} checked={key === value} onChange={() => onChange(key)} /><span>{text}</span>
        </label>
      ))}
    </fieldset>
  )
}
