/** A new address: whose it is and what it asks for, and then its secret, once. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { AddWebhookDocument } from '../../graph/documents.ts'
import { EndpointForm, faultOf, type Faults, type Form } from './EndpointForm.tsx'
import { SecretPanel } from './SecretPanel.tsx'
import { RIGHT } from './WebhooksScreen.tsx'
import { webhookWords } from './words.ts'

const EMPTY: Form = { partner: '', url: '', events: ['PURCHASE_POSTED', 'PURCHASE_REFUNDED'], reason: '' }

export function AddWebhookScreen() {
  const text = webhookWords()
  const [made, setMade] = useState<{ id: string; secret: string }>()
  const [, go] = useLocation()
  const add = async (input: Form): Promise<Faults> => {
    const answer = await send(AddWebhookDocument, { input })
    if ('problem' in answer) return faultOf(answer.problem)
    setMade({ id: answer.done.endpoint.id, secret: answer.done.secret })
    return {}
  }
  return (
    <Screen title={made ? text.secretTitle : text.addTitle} right={RIGHT} narrow above={<Link href="/webhooks">← {text.title}</Link>}>
      <Panel>
        {made
          ? <SecretPanel secret={made.secret} onDone={() => go(`/webhooks/${made.id}`)} />
          : <EndpointForm start={EMPTY} fresh action={text.submit} onSubmit={add} />}
      </Panel>
    </Screen>
  )
}
