/** Signals as cards: what was found and where, what was written about it, and what may be done. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { answers, send } from '../../data/session.ts'
import { DecideSignalDocument, type SignalDecision, type SignalFragment } from '../../graph/documents.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { words } from '../../words/words.ts'
import { UnblockDialog } from '../cards/UnblockDialog.tsx'
import css from './signals.module.css'

const TONES: Record<SignalFragment['state'], Tone> = { OPEN: 'warning', DISMISSED: 'plain', CARD_BLOCKED: 'danger', UNBLOCKED: 'success' }

export function SignalList({ signals }: { signals: readonly SignalFragment[] }) {
  const [asked, setAsked] = useState<{ signal: SignalFragment; decision: SignalDecision }>()
  const [blocked, setBlocked] = useState<SignalFragment>()
  const confirm = async (note: string): Promise<string | undefined> => {
    if (!asked) return undefined
    const answer = await send(DecideSignalDocument, { signal: asked.signal.id, decision: asked.decision, note })
    if ('problem' in answer) return answer.problem.message
    toast.set(words.signals.done[asked.decision])
    setAsked(undefined)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <ul class={css['list']}>
        {signals.map(signal => (
          <li key={signal.id}><Panel><Card signal={signal} onAct={decision => setAsked({ signal, decision })} onUnblock={() => setBlocked(signal)} /></Panel></li>
        ))}
      </ul>
      {asked && (
        <ReasonDialog
          title={words.signals.ask[asked.decision]} note={asked.decision === 'BLOCK_CARD' ? words.signals.blockNote : asked.signal.text}
          action={words.signals.acts[asked.decision]} danger={asked.decision === 'BLOCK_CARD'}
          onConfirm={confirm} onClose={() => setAsked(undefined)}
        />
      )}
      {blocked?.cardId && <UnblockDialog card={blocked.cardId} number={blocked.card ?? ''} onClose={() => setBlocked(undefined)} />}
    </>
  )
}

interface CardProps {
  signal: SignalFragment
  onAct: (decision: SignalDecision) => void
  onUnblock: () => void
}

function Card({ signal, onAct, onUnblock }: CardProps) {
  const facts = [signal.scope.name, signal.till, signal.card].filter((fact): fact is string => Boolean(fact))
  return (
    <article class={css['card']}>
      <div class={css['head']}>
        <h2 class={css['kind']}>{words.signals.kinds[signal.kind]}</h2>
        <Badge tone={TONES[signal.state]}>{words.signals.states[signal.state]}</Badge>
        <time class={css['when']} dateTime={signal.at}>{dayTime(signal.at)}</time>
      </div>
      <p>{signal.text}</p>
      <p class={css['facts']}>{facts.join(' · ')}</p>
      {signal.notes.length > 0 && (
        <ul class={css['notes']} aria-label={words.signals.notes}>
          {signal.notes.map(note => (
            <li key={note.at}><strong>{words.signals.decided[note.decision]}</strong> {note.note} <span class={css['facts']}>{note.author}, {dayTime(note.at)}</span></li>
          ))}
        </ul>
      )}
      <div class={css['acts']}>
        <Button kind="quiet" onClick={() => onAct('NOTE')}>{words.signals.acts.NOTE}</Button>
        {signal.state === 'OPEN' && <Button kind="quiet" onClick={() => onAct('DISMISS')}>{words.signals.acts.DISMISS}</Button>}
        {signal.canBlock && <Button kind="danger" onClick={() => onAct('BLOCK_CARD')}>{words.signals.acts.BLOCK_CARD}</Button>}
        {signal.canUnblock && <Button kind="quiet" onClick={onUnblock}>{words.cards.unblock}</Button>}
      </div>
    </article>
  )
}
