/** Exchanges a till key for a cookie that only the browser can read. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { Title } from '../parts/Title.tsx'
import { Told } from '../parts/Told.tsx'
import type { Desk } from '../sale/desk.ts'
import type { Pairing } from '../sale/state.ts'
import { say } from '../words/say.ts'

export function PairScreen({ desk, pairing }: { desk: Desk; pairing: Extract<Pairing, { phase: 'needed' }> }) {
  const [key, setKey] = useState('')
  const [empty, setEmpty] = useState(false)
  const pair = (event: Event): void => {
    event.preventDefault()
    setEmpty(key.trim() === '')
    if (key.trim() !== '') desk.send({ kind: 'pairAsked', key: key.trim() })
  }
  return (
    <form class="stack" onSubmit={pair} noValidate>
      <Title>{say('pair.title')}</Title>
      <p class="muted">{say('pair.hint')}</p>
      {pairing.notice && <Told notice={pairing.notice} />}
      <Panel>
        <div class="stack wide-gap">
          <Field
            label={say('pair.key')}
            name="key"
            value={key}
            autoComplete="off"
            maxLength={200}
            error={empty ? say('pair.keyEmpty') : undefined}
            hint={say('pair.kept')}
            onInput={value => {
              setKey(value)
              setEmpty(false)
            }}
          />
          <Button type="submit" wide busy={pairing.busy}>
            {say('pair.button')}
          </Button>
        </div>
      </Panel>
    </form>
  )
}
