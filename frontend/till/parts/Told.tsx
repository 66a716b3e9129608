/** One notice of the till: what happened, what to do, and the server's own sentence where only it knows the cause. */
import type { ComponentChildren } from 'preact'
import { Notice as Surface } from '../../shared/parts/Notice.tsx'
import type { Notice } from '../sale/state.ts'
import { say } from '../words/say.ts'

const KINDS = { refusal: 'danger', warning: 'warning', success: 'success' } as const

export function Told({ notice, action }: { notice: Notice; action?: ComponentChildren }) {
  const sentence = say(notice.word, notice.facts)
  return (
    <Surface kind={KINDS[notice.tone]} role={notice.tone === 'success' ? 'status' : 'alert'} title={sentence} action={action}>
      {notice.said && notice.said !== sentence && <p>{notice.said}</p>}
      {notice.requestId && <p>{say('app.request', { id: notice.requestId })}</p>}
    </Surface>
  )
}
