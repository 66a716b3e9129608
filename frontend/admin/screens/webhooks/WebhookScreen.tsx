/** One address: how it is, what can be done with it, and every delivery to it. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { usePages } from '../../data/query.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { ChangeWebhookDocument, EndWebhookDocument, RotateWebhookSecretDocument, SwitchWebhookDocument, TestWebhookDocument, WebhooksDocument, type WebhookRowFragment } from '../../graph/documents.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { Deliveries } from './Deliveries.tsx'
import { EndpointForm, faultOf, type Faults, type Form } from './EndpointForm.tsx'
import { SecretPanel } from './SecretPanel.tsx'
import { EndpointFacts, RIGHT, StateBadge } from './WebhooksScreen.tsx'
import css from './webhooks.module.css'
import { webhookWords } from './words.ts'

const PAGE = { first: 50 }
type Asked = 'switch' | 'rotate' | 'end' | 'change'

export function WebhookScreen({ id }: { id: string }) {
  const text = webhookWords()
  return (
    <Screen title={text.deliveries} right={RIGHT} narrow above={<Link href="/webhooks">← {text.title}</Link>}>
      <Whole id={id} />
    </Screen>
  )
}

function Whole({ id }: { id: string }) {
  const { answer } = usePages(WebhooksDocument, PAGE, data => data.webhookEndpoints)
  return (
    <Shown answer={answer} skeleton={<Rows count={3} height={140} />}>
      {({ items }) => {
        const found = items.find(one => one.id === id)
        return found
          ? <><Endpoint endpoint={found} /><Deliveries endpoint={id} /></>
          : <Empty title={words.state.absent} note={words.state.absentNote} />
      }}
    </Shown>
  )
}

function Endpoint({ endpoint }: { endpoint: WebhookRowFragment }) {
  const text = webhookWords()
  const [asked, setAsked] = useState<Asked>()
  const [secret, setSecret] = useState<string>()
  const [busy, setBusy] = useState(false)
  const on = endpoint.state === 'ACTIVE'
  const test = async (): Promise<void> => {
    setBusy(true)
    const said = await send(TestWebhookDocument, { id: endpoint.id })
    setBusy(false)
    toast.set('problem' in said ? said.problem.message : text.testDone)
    await answers.stir()
  }
  return (
    <Panel title={endpoint.scope.name} aside={<StateBadge endpoint={endpoint} />}>
      <EndpointFacts endpoint={endpoint} />
      <div class={css['actions']}>
        <Button kind="quiet" busy={busy} disabled={!on} onClick={() => void test()}>{text.test}</Button>
        <Button kind="quiet" onClick={() => setAsked('change')}>{text.change}</Button>
        <Button kind="quiet" onClick={() => setAsked('rotate')}>{text.rotate}</Button>
        <Button kind="quiet" onClick={() => setAsked('switch')}>{on ? text.off : text.on}</Button>
        <Button kind="danger" onClick={() => setAsked('end')}>{text.end}</Button>
      </div>
      {asked === 'change' && <Change endpoint={endpoint} onClose={() => setAsked(undefined)} />}
      {asked && asked !== 'change' && <Asking endpoint={endpoint} asked={asked} onSecret={setSecret} onClose={() => setAsked(undefined)} />}
      {secret && <Sheet title={text.secretTitle} onClose={() => setSecret(undefined)}><SecretPanel secret={secret} onDone={() => setSecret(undefined)} /></Sheet>}
    </Panel>
  )
}

function Change({ endpoint, onClose }: { endpoint: WebhookRowFragment; onClose: () => void }) {
  const text = webhookWords()
  const change = async ({ url, events, reason }: Form): Promise<Faults> => {
    const said = await send(ChangeWebhookDocument, { input: { id: endpoint.id, url, events, reason } })
    if ('problem' in said) return faultOf(said.problem)
    toast.set(text.changed)
    onClose()
    await answers.stir()
    return {}
  }
  const start = { partner: '', url: endpoint.url, events: [...endpoint.events], reason: '' }
  return <Sheet title={text.changeTitle} onClose={onClose}><EndpointForm start={start} fresh={false} action={words.panel.save} onSubmit={change} /></Sheet>
}

interface AskingProps {
  endpoint: WebhookRowFragment
  asked: Exclude<Asked, 'change'>
  onSecret: (secret: string) => void
  onClose: () => void
}

function Asking({ endpoint, asked, onSecret, onClose }: AskingProps) {
  const text = webhookWords()
  const [, go] = useLocation()
  const { id } = endpoint
  const on = endpoint.state === 'ACTIVE'
  const finish = async (done: string): Promise<undefined> => {
    toast.set(done)
    onClose()
    await answers.stir()
  }
  const turn = async (reason: string): Promise<string | undefined> => {
    const said = await send(SwitchWebhookDocument, { id, on: !on, reason })
    return 'problem' in said ? said.problem.message : finish(on ? text.offDone : text.onDone)
  }
  const rotate = async (reason: string): Promise<string | undefined> => {
    const said = await send(RotateWebhookSecretDocument, { id, reason })
    if ('problem' in said) return said.problem.message
    onSecret(said.done.secret)
    onClose()
    await answers.stir()
    return undefined
  }
  const end = async (reason: string): Promise<string | undefined> => {
    const said = await send(EndWebhookDocument, { id, reason })
    if ('problem' in said) return said.problem.message
    await finish(text.ended)
    go('/webhooks')
    return undefined
  }
  if (asked === 'rotate') return <ReasonDialog title={text.rotateTitle} note={text.rotateNote} action={text.rotate} onConfirm={rotate} onClose={onClose} />
  if (asked === 'end') return <ReasonDialog title={text.endTitle} note={text.endNote} action={text.end} danger onConfirm={end} onClose={onClose} />
  return <ReasonDialog title={on ? text.offTitle : text.onTitle} note={on ? text.offNote : text.onNote} action={on ? text.off : text.on} danger={on} onConfirm={turn} onClose={onClose} />
}
