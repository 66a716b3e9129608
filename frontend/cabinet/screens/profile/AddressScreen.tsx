/** The link of the letter to a new address: opening it changes nothing, this page does, once. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { holder } from '../../code/holder.ts'
import { answers, session } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { ConfirmEmailChangeDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { dataWords } from './words.ts'

type State = { kind: 'busy' } | { kind: 'done'; email: string } | { kind: 'refused'; message: string; final: boolean }

export function AddressScreen() {
  const [query] = useSearchParams()
  const [state, setState] = useState<State>({ kind: 'busy' })
  const sent = useRef(false)
  const say = dataWords()

  const confirm = async (): Promise<void> => {
    setState({ kind: 'busy' })
    const answer = await attempt(ConfirmEmailChangeDocument, { token: query.get('token') ?? '' })
    if ('done' in answer) {
      setState({ kind: 'done', email: answer.done.member.email ?? '' })
      await holder.renew().catch(() => undefined)
      return answers.stir()
    }
    // The letter was opened where nobody is signed in: sign-in comes first and leads back here.
    if (answer.problem.code === 'UNAUTHENTICATED') return session.set('out')
    setState({ kind: 'refused', message: answer.problem.message, final: answer.problem.code === 'TOKEN_NOT_ACCEPTED' })
  }
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    void confirm()
  }, [])

  if (state.kind === 'busy') return <Door title={say.linkBusy}><Button busy wide>{say.confirm}</Button></Door>
  if (state.kind === 'done') return <Door title={say.linkDone} note={say.linkDoneNote(state.email)}><ButtonLink wide href="/profile">{say.toProfile}</ButtonLink></Door>
  return (
    <Door title={say.linkTitle}>
      <Notice kind="danger" role="alert">{state.message}</Notice>
      {state.final ? <ButtonLink wide href="/profile">{say.toProfile}</ButtonLink> : <Button wide onClick={() => void confirm()}>{words.page.retry}</Button>}
    </Door>
  )
}
