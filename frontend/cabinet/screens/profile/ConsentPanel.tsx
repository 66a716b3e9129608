/** Consents: which text, which version, since when; giving and taking back, with the effect told first. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { attempt } from '../../../shared/data/attempt.ts'
import { answers } from '../../data/session.ts'
import { toast } from '../../../shared/parts/Toast.tsx'
import { GiveConsentDocument, WithdrawConsentDocument, type ProfileQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { DocumentSheet } from '../join/Consents.tsx'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'

type Document = ProfileQuery['programme']['documents'][number]
type Consent = Me['consents'][number]
type Optional = 'PARTNER_TRANSFER' | 'MARKETING'

function optional(kind: Document['kind']): kind is Optional {
  return kind === 'PARTNER_TRANSFER' || kind === 'MARKETING'
}

export function ConsentPanel({ consents, documents }: { consents: readonly Consent[]; documents: readonly Document[] }) {
  const [reading, setReading] = useState<Document>()
  const [leaving, setLeaving] = useState<Optional>()
  const give = async (document: Document): Promise<void> => {
    const answer = await attempt(GiveConsentDocument, { document: document.id })
    if ('problem' in answer) return toast.set(answer.problem.message)
    await answers.stir()
  }
  return (
    <Panel title={words.profile.consents}>
      <ul>
        {documents.map(document => {
          const consent = consents.find(one => one.kind === document.kind)
          const state = !consent ? words.profile.never : (consent.given ? words.profile.given : words.profile.withdrawn)(dayTime(consent.at, true))
          return (
            <li key={document.id} class={css['item']}>
              <p><strong>{document.title}</strong></p>
              <p class={css['sub']}>{state}{consent && <>, {words.profile.version(consent.version)}</>}</p>
              {!optional(document.kind) && <p class={css['sub']}>{words.profile.required}</p>}
              <div class={css['links']}>
                <button type="button" onClick={() => setReading(document)}>{words.profile.read}</button>
                {optional(document.kind) && (consent?.given
                  ? <button type="button" onClick={() => setLeaving(document.kind as Optional)}>{words.profile.withdraw}</button>
                  : <button type="button" onClick={() => void give(document)}>{words.profile.give}</button>)}
              </div>
            </li>
          )
        })}
      </ul>
      {reading && <DocumentSheet document={reading} onClose={() => setReading(undefined)} />}
      {leaving && <WithdrawSheet kind={leaving} onClose={() => setLeaving(undefined)} />}
    </Panel>
  )
}

function WithdrawSheet({ kind, onClose }: { kind: Optional; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const withdraw = async (): Promise<void> => {
    setBusy(true)
    const answer = await attempt(WithdrawConsentDocument, { kind })
    setBusy(false)
    if ('problem' in answer) toast.set(answer.problem.message)
    else await answers.stir()
    onClose()
  }
  return (
    <Sheet title={words.profile.withdrawTitle} onClose={onClose}>
      <p class={css['note']}>{words.profile.withdrawEffect[kind]}</p>
      <div class={css['actions']}>
        <Button kind="danger" wide busy={busy} onClick={() => void withdraw()}>{words.profile.withdraw}</Button>
        <Button kind="quiet" wide onClick={onClose}>{words.profile.keep}</Button>
      </div>
    </Sheet>
  )
}
