/** One message in both languages: the letter as its reader sees it, the text as it is paid for, and a sample to oneself. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { MessagePreviewsDocument, SendMessageSampleDocument } from '../../graph/late.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from './messages.module.css'
import { NOTHING, RIGHT, type Preview } from './MessagesScreen.tsx'
import { messageWords } from './words.ts'

type Spoken = Preview['texts'][number]

export function MessageScreen({ id }: { id: string }) {
  const allowed = useRight(RIGHT)
  const text = messageWords()
  return allowed ? <Message id={id} /> : <Screen title={text.title} right={RIGHT}>{null}</Screen>
}

function Message({ id }: { id: string }) {
  const answer = useAnswer(MessagePreviewsDocument, NOTHING)
  const text = messageWords()
  const found = answer.data?.messagePreviews.find(one => one.id === id)
  return (
    <Screen title={found?.name ?? text.title} right={RIGHT} above={<Link href="/messages">← {text.title}</Link>}>
      <Shown answer={answer} skeleton={<Rows count={2} height={320} />}>
        {() => found
          ? <div class={css['languages']}>{found.texts.map(one => <Language key={one.locale} id={id} spoken={one} />)}</div>
          : <Panel><Empty title={text.unknown} note={text.unknownNote} /></Panel>}
      </Shown>
    </Screen>
  )
}

function Language({ id, spoken }: { id: string; spoken: Spoken }) {
  const text = messageWords()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const sample = async (): Promise<void> => {
    setBusy(true)
    setRefusal(undefined)
    const answer = await send(SendMessageSampleDocument, { id, locale: spoken.locale })
    setBusy(false)
    if ('problem' in answer) setRefusal(answer.problem.message)
    else toast.set(text.sent(answer.done.email))
  }
  const name = text.languages[spoken.locale]
  const tongue = spoken.locale.toLowerCase()
  return (
    <Panel title={name} aside={<Button kind="quiet" busy={busy} onClick={() => void sample()}>{text.send}<span class="unseen">, {name}</span></Button>}>
      {refusal && <Notice kind="danger" role="alert">{refusal}</Notice>}
      <div class={css['part']}>
        <span class={css['label']}>{text.subject}</span>
        <p class={css['subject']} lang={tongue}>{spoken.subject}</p>
        {spoken.page
          ? (
            <>
              <iframe class={css['frame']} title={`${text.letter}, ${name}`} src={spoken.page} sandbox="" loading="lazy" referrerpolicy="no-referrer" />
              <details class={css['more']}><summary>{text.plain}</summary><div class={css['text']} lang={tongue}>{spoken.text}</div></details>
            </>
          )
          : <div class={css['text']} lang={tongue}>{spoken.text}</div>}
      </div>
      {spoken.short && <Short short={spoken.short} name={name} tongue={tongue} />}
    </Panel>
  )
}

function Short({ short, name, tongue }: { short: NonNullable<Spoken['short']>; name: string; tongue: string }) {
  const text = messageWords()
  const counted = [text.encodings[short.encoding] ?? short.encoding, text.units(short.units), text.parts(short.parts)]
  return (
    <section class={css['part']} aria-label={`${text.short}, ${name}`}>
      <span class={css['label']}>{text.short}</span>
      <div class={css['text']} lang={tongue}>{short.text}</div>
      <p class={css['counted']}>{counted.join(' · ')}</p>
      {short.costs.length === 0
        ? <p class={css['foot']}>{text.noGateways}</p>
        : (
          <>
            <table class={css['costs']}>
              <thead><tr><th scope="col">{text.gateway}</th><th scope="col">{text.channel}</th><th scope="col">{text.cost}</th></tr></thead>
              <tbody>
                {short.costs.map(one => (
                  <tr key={one.gateway + one.channel}><th scope="row">{one.gateway}</th><td>{text.channels[one.channel]}</td><td>{one.cost ? money(one.cost) : text.noPrice}</td></tr>
                ))}
              </tbody>
            </table>
            <p class={css['foot']}>{text.priceNote}</p>
          </>
        )}
    </section>
  )
}
