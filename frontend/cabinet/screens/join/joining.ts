/** The registration form at work: what is typed, what is wrong, and the sending of it. */
import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'wouter'
import { attempt } from '../../../shared/data/attempt.ts'
import { RegisterDocument, type JoinFactsQuery } from '../../graph/documents.ts'
import { keepDraft } from '../../joining/draft.ts'
import { EMPTY, FIELDS, faultOf, faultsOf, inputOf, type Faults, type FieldName, type Form, type Rules } from '../../joining/form.ts'

/** Today by this device's calendar, as an ISO date. */
function today(): string {
  return new Date().toLocaleDateString('sv')
}

export function useJoining(programme: JoinFactsQuery['programme']) {
  const [form, setForm] = useState<Form>(EMPTY)
  const [faults, setFaults] = useState<Faults>({})
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  // The list above the form stands once sending was tried: earlier it would push the form about under the typing.
  const [tried, setTried] = useState(false)
  const summary = useRef<HTMLDivElement>(null)
  const [, go] = useLocation()
  const rules: Rules = { minimumAge: programme.minimumAge, namesCyrillicOnly: programme.namesCyrillicOnly, today: today() }

  /** A fault once shown goes as soon as it is mended; a new one waits until the field is left. */
  const change = (part: Partial<Form>): void => {
    const next = { ...form, ...part }
    setForm(next)
    for (const name of Object.keys(part) as FieldName[]) if (faults[name] && !faultOf(name, next, rules)) setFaults({ ...faults, [name]: undefined })
  }
  const leave = (name: FieldName) => (): void => {
    if (form[name] !== '') setFaults({ ...faults, [name]: faultOf(name, form, rules) })
  }
  const show = (found: Faults): void => {
    setTried(true)
    setFaults(found)
    requestAnimationFrame(() => summary.current?.focus())
  }

  const submit = async (): Promise<void> => {
    setRefusal(undefined)
    const found = faultsOf(form, rules)
    if (Object.keys(found).length > 0) return show(found)
    setBusy(true)
    const answer = await attempt(RegisterDocument, { input: inputOf(form, rules, programme.documents.map(one => one.id)) })
    setBusy(false)
    if ('done' in answer) {
      keepDraft({ email: answer.done.email, password: form.password })
      return go('/confirm', { state: { moved: true, email: answer.done.email, resendAfter: answer.done.resendAfter } })
    }
    const name = FIELDS.find(one => answer.problem.field?.split('.').includes(one))
    if (name) return show({ [name]: answer.problem.message })
    setRefusal(answer.problem.message)
  }

  return { form, faults, refusal, busy, tried, summary, change, leave, submit }
}
