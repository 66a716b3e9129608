/** Finds a receipt by its number, and by its date where the number repeats. */
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { Title } from '../parts/Title.tsx'
import { Told } from '../parts/Told.tsx'
import { say } from '../words/say.ts'
import type { Counter } from './counter.ts'
import css from './FindForm.module.css'
import type { Refunding } from './state.ts'

export function FindForm({ counter, refunding }: { counter: Counter; refunding: Refunding }) {
  const { search, searching, notice } = refunding
  const wanting = notice?.field === 'number'
  const find = (event: Event): void => {
    event.preventDefault()
    if (!searching) counter.send({ kind: 'searchAsked' })
  }
  return (
    <form class="stack" onSubmit={find} noValidate>
      <Title>{say('refund.title')}</Title>
      <p class="muted">{say('refund.findHint')}</p>
      {notice && !wanting && <Told notice={notice} />}
      <Panel>
        <div class="stack wide-gap">
          <Field
            label={say('refund.number')}
            name="number"
            value={search.number}
            autoComplete="off"
            large
            maxLength={64}
            error={wanting && notice ? say(notice.word) : undefined}
            onInput={number => counter.send({ kind: 'searchTyped', search: { number } })}
          />
          <label class={css['date']}>
            <span class="note">{say('refund.date')}</span>
            <input
              class={css['input']}
              type="date"
              name="date"
              value={search.date}
              aria-describedby="refund-date-hint"
              onInput={event => counter.send({ kind: 'searchTyped', search: { date: event.currentTarget.value } })}
            />
            <span class="note" id="refund-date-hint">
              {say('refund.dateHint')}
            </span>
          </label>
          <Button type="submit" wide busy={searching}>
            {say('refund.find')}
          </Button>
        </div>
      </Panel>
    </form>
  )
}
