/** The window that a hotel's page opens: who asks for what, and a yes or a no. The answer goes to that page alone. */
import { useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { useAnswer } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { Failed } from '../../frame/states.tsx'
import { AllowSiteDocument, ConnectPageDocument, type ConnectPageQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { asked, siteName, tell, type Asked } from './asked.ts'
import css from './Connect.module.css'
import { connectWords } from './words.ts'

export function ConnectScreen() {
  const [query] = useSearchParams()
  const text = connectWords()
  const question = asked(query)
  if (!question) return <Closed title={text.incomplete} note={text.incompleteNote} />
  if (!window.opener) return <Closed title={text.lost} note={text.lostNote} />
  return <Question question={question} here={`/connect?${query}`} />
}

function Question({ question, here }: { question: Asked; here: string }) {
  const text = connectWords()
  const { partner, origin } = question
  const answer = useAnswer(ConnectPageDocument, { partner, origin })
  if (answer.data === undefined) {
    if (answer.failure === 'refused') return <Closed title={text.unknown} note={text.unknownNote} />
    return <Door title={text.busy}>{answer.failure ? <Failed /> : <Skeleton height={220} />}</Door>
  }
  const { me, site } = answer.data
  if (!me) return <SignedOut partner={site.partner.name} origin={origin} here={here} />
  return <Permission question={question} name={me.firstName} site={site} />
}

function Permission({ question, name, site }: { question: Asked; name: string; site: ConnectPageQuery['site'] }) {
  const text = connectWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState(false)
  const leave = (code?: string): void => {
    tell(question, code)
    setDone(true)
    window.close()
  }
  const allow = async (): Promise<void> => {
    const { partner, origin, challenge } = question
    setBusy(true)
    const made = await attempt(AllowSiteDocument, { input: { partner, origin, challenge } })
    setBusy(false)
    if ('done' in made) leave(made.done.grant)
    else setProblem(made.problem.message)
  }
  if (done) return <Door title={text.done} note={text.doneNote}>{null}</Door>
  return (
    <Door title={text.title(site.partner.name)} note={text.asks(siteName(question.origin))}>
      <div class={css['told']}>
        <p>{text.learns}</p>
        <ul class={css['list']}>{site.tier && <li>{text.tier(site.tier.name)}</li>}<li>{text.discount}</li></ul>
        <p class={css['note']}>{text.hides} {text.as(name)}</p>
      </div>
      {problem !== undefined && <Notice kind="danger" role="alert">{problem}</Notice>}
      <div class={css['acts']}>
        <Button wide busy={busy} onClick={() => void allow()}>{text.allow}</Button>
        <Button kind="quiet" wide onClick={() => leave()}>{text.deny}</Button>
      </div>
    </Door>
  )
}

function SignedOut({ partner, origin, here }: { partner: string; origin: string; here: string }) {
  const text = connectWords()
  const [, go] = useLocation()
  return (
    <Door title={text.signInTitle(partner)} note={text.signInNote(siteName(origin))}>
      <div class={css['acts']}>
        <Button wide onClick={() => go('/sign-in', { state: { moved: true, back: here } })}>{text.signIn}</Button>
        <ButtonLink kind="quiet" wide href="/join">{text.join}</ButtonLink>
      </div>
    </Door>
  )
}

function Closed({ title, note }: { title: string; note: string }) {
  return <Door title={title} note={note}><ButtonLink href="/card">{words.page.toCard}</ButtonLink></Door>
}
