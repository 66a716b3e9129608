/** Payments and refunds that wait for a person: what each is, what is wrong, and what can be done, with a reason. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { MoneyDecision, MoneyWaitingQuery } from '../../graph/documents.ts'
import { DecideMoneyDocument, MoneyWaitingDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from './money.module.css'
import { moneyWords } from './words.ts'

const RIGHT = 'operation.view'
const NOTHING = {}
type Waiting = MoneyWaitingQuery['moneyWaiting'][number]
interface Chosen { one: Waiting; decision: MoneyDecision }

export function MoneyScreen() {
  const allowed = useRight(RIGHT)
  return <Screen title={moneyWords().title} right={RIGHT} narrow>{allowed && <Money />}</Screen>
}

function Money() {
  const text = moneyWords()
  const answer = useAnswer(MoneyWaitingDocument, NOTHING)
  const [chosen, setChosen] = useState<Chosen>()
  return (
    <>
      <p class={css['intro']}>{text.note}</p>
      <Shown answer={answer} skeleton={<Rows count={3} height={180} />}>
        {({ moneyWaiting }) => moneyWaiting.length === 0
          ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
          : <div class={css['stack']}>{moneyWaiting.map(one => <Matter key={one.id} one={one} onChoose={decision => setChosen({ one, decision })} />)}</div>}
      </Shown>
      {chosen && <Decision {...chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

function Matter({ one, onChoose }: { one: Waiting; onChoose: (decision: MoneyDecision) => void }) {
  const text = moneyWords()
  const fault = one.fault === null ? undefined : (text.faults as Record<string, string>)[one.fault] ?? text.fault(one.fault)
  const facts = [text.since(dayTime(one.since)), fault, one.number === null ? undefined : text.number(one.number)]
  return (
    <Panel title={one.place.name}>
      <p class={css['sum']}>{money(one.amount)}</p>
      <p class={css['what']}>{one.what}</p>
      <p class={css['facts']}>{facts.filter(Boolean).join(' · ')}</p>
      <Notice kind="warning" title={one.text}>{one.advice}</Notice>
      {one.decisions.length > 0 && (
        <div class={css['actions']}>
          {one.decisions.map((decision, place) => <Button key={decision} kind={place === 0 ? 'filled' : 'quiet'} onClick={() => onChoose(decision)}>{text.decisions[decision]}</Button>)}
        </div>
      )}
    </Panel>
  )
}

function Decision({ one, decision, onClose }: Chosen & { onClose: () => void }) {
  const text = moneyWords()
  const confirm = async (reason: string): Promise<string | undefined> => {
    const said = await send(DecideMoneyDocument, { id: one.id, decision, reason })
    if ('problem' in said) return said.problem.message
    toast.set(text.done[decision])
    onClose()
    await answers.stir()
    return undefined
  }
  return <ReasonDialog title={text.titles[decision](money(one.amount))} note={text.notes[decision]} action={text.decisions[decision]} onConfirm={confirm} onClose={onClose} />
}
