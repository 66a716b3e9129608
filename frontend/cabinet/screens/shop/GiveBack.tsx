/** Two steps: what comes back and what it takes, then the yes to exactly that. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { Refused, post } from '../../../shared/graph/post.ts'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import { answers } from '../../data/session.ts'
import { ReturnVouchersDocument, VoucherReturnDocument, type BoughtFragment, type VoucherReturnQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

type Back = VoucherReturnQuery['voucherReturn']

export function GiveBack({ order }: { order: BoughtFragment }) {
  const text = shopWords()
  const open = order.vouchers.filter(one => one.canReturn)
  const [kept, setKept] = useState<readonly string[]>([])
  const [back, setBack] = useState<Back>()
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const chosen = open.filter(one => !kept.includes(one.id)).map(one => one.id)

  const ask = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { voucherReturn } = await post(VoucherReturnDocument, { vouchers: chosen })
      setKey(crypto.randomUUID())
      setBack(voucherReturn)
    } catch (fault) {
      setProblem(fault instanceof Refused ? fault.message : words.page.failedNote)
    }
    setBusy(false)
  }
  const give = async (money: string): Promise<void> => {
    setBusy(true)
    const answer = await attempt(ReturnVouchersDocument, { input: { idempotencyKey: key, vouchers: chosen, money } })
    setBusy(false)
    if ('problem' in answer) return setProblem(answer.problem.message)
    setBack(undefined)
    await answers.stir()
  }

  return (
    <div class={css['stack']}>
      {back === undefined && open.length > 1 && (
        <fieldset class={css['choice']}>
          <legend class={css['label']}>{text.choose}</legend>
          {open.map(one => (
            <Check
              key={one.id} name={one.id} checked={!kept.includes(one.id)}
              onChange={on => setKept(on ? kept.filter(id => id !== one.id) : [...kept, one.id])}
            >
              {text.piece(order.vouchers.indexOf(one) + 1, money(one.paid))}
            </Check>
          ))}
        </fieldset>
      )}
      {back && (
        <Notice kind="warning" role="alert" title={text.comesBack(money(back.money))}>
          {kopecks(back.progress) > 0 && <p>{text.progress(money(back.progress))}</p>}
          {back.points > 0 && <p>{text.points(back.points)}</p>}
          <p>{text.after}</p>
        </Notice>
      )}
      {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
      {back
        ? (
          <>
            <Button kind="danger" wide busy={busy} onClick={() => void give(back.money)}>{text.confirm(money(back.money))}</Button>
            <Button kind="quiet" wide onClick={() => setBack(undefined)}>{text.keep}</Button>
          </>
        )
        : <Button kind="quiet" wide busy={busy} disabled={chosen.length === 0} onClick={() => void ask()}>{text.giveBack}</Button>}
    </div>
  )
}
