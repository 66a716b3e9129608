/** The till's menu: language, appearance, sound, and the way to stop being this till. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { chooseTheme, theme, type Theme } from '../../shared/style/theme.ts'
import { chooseLanguage, language, type Language } from '../../shared/words/language.ts'
import type { ChangeSheet } from '../entry/ChangeSheet.tsx'
import { joinsAt } from '../entry/form.ts'
import { JoinSheet } from '../entry/JoinSheet.tsx'
import { joinWords } from '../entry/words.ts'
import type { State } from '../sale/state.ts'
import { allowSound, isSilent, setSilent, signal } from '../signals.ts'
import { loadWords, say } from '../words/say.ts'
import { Choice } from './Choice.tsx'

type ChangeSheetType = typeof ChangeSheet

interface MenuProps {
  state: State
  /** Receipts of this till that wait on the device. */
  waiting: number
  onClose: () => void
  onLanguage: () => void
  onUnpair: () => void
}

export function MenuSheet({ state, waiting, onClose, onLanguage, onUnpair }: MenuProps) {
  const [look, setLook] = useState<Theme>(theme())
  const [silent, setQuiet] = useState(isSilent())
  const [leaving, setLeaving] = useState(false)
  const [joining, setJoining] = useState(false)
  const [Changing, setChanging] = useState<ChangeSheetType | null>(null)
  const [unloaded, setUnloaded] = useState(false)
  const speak = async (next: Language): Promise<void> => {
    chooseLanguage(next)
    await loadWords()
    onLanguage()
  }
  const change = (): void => {
    setUnloaded(false)
    import('../entry/ChangeSheet.tsx').then(part => setChanging(() => part.ChangeSheet), () => setUnloaded(true))
  }
  const till = state.pairing.phase === 'paired' ? state.till : null
  const guest = state.sale?.guest ?? null
  const channel = till === null ? null : joinsAt(till)
  if (joining && channel !== null) return <JoinSheet channel={channel} onClose={onClose} />
  if (Changing !== null && channel !== null) {
    // A told number proves nothing; only a scanned code shows whose data they are.
    return <Changing channel={channel} guest={guest?.facts.identifiedBy === 'QR' ? guest : null} onClose={onClose} />
  }
  if (leaving && till !== null) {
    return (
      <Sheet title={say('menu.unpairTitle', { till: till.name })} onClose={onClose}>
        <div class="stack wide-gap">
          {waiting > 0 && <Notice kind="warning" title={say('menu.unpairQueue', { count: waiting })} />}
          <p>{say('menu.unpairHint')}</p>
          <Button kind="danger" wide onClick={onUnpair}>
            {say('menu.unpair')}
          </Button>
          <Button kind="plain" wide onClick={onClose}>
            {say('app.cancel')}
          </Button>
        </div>
      </Sheet>
    )
  }
  return (
    <Sheet title={say('app.menu')} onClose={onClose}>
      <div class="stack wide-gap">
        <Choice
          legend={say('menu.language')}
          name="language"
          value={language()}
          options={[
            { value: 'ru', text: 'Русский' },
            { value: 'en', text: 'English' },
          ]}
          onChoose={next => void speak(next)}
        />
        <Choice
          legend={say('menu.theme')}
          name="theme"
          value={look}
          options={(['auto', 'light', 'dark'] as const).map(value => ({ value, text: say(`menu.theme.${value}`) }))}
          onChoose={next => {
            chooseTheme(next)
            setLook(next)
          }}
        />
        <Choice
          legend={say('menu.sound')}
          name="sound"
          value={silent ? 'off' : 'on'}
          options={(['on', 'off'] as const).map(value => ({ value, text: say(`menu.sound.${value}`) }))}
          onChoose={next => {
            setSilent(next === 'off')
            setQuiet(next === 'off')
            allowSound()
            if (next === 'on') signal('success')
          }}
        />
        {channel !== null && (
          <>
            <Button kind="quiet" wide onClick={() => setJoining(true)}>
              {joinWords().title}
            </Button>
            {unloaded && <Notice kind="danger" role="alert" title={say('net.silence')} />}
            <Button kind="quiet" wide onClick={change}>
              {joinWords().change}
            </Button>
          </>
        )}
        {till !== null && (
          <Button kind="danger" wide onClick={() => setLeaving(true)}>
            {say('menu.unpair')}
          </Button>
        )}
      </div>
    </Sheet>
  )
}
