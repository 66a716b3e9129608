/** The till page: which screen stands now, and what holds on every screen: the header, the network line, the hand scanner. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../shared/parts/Button.tsx'
import { Notice } from '../shared/parts/Notice.tsx'
import { Skeleton } from '../shared/parts/Skeleton.tsx'
import { stayAwake } from './awake.ts'
import { QueueButton } from './offline/QueueButton.tsx'
import type { Queue } from './offline/queue.ts'
import { PairScreen } from './pairing/PairScreen.tsx'
import { Aside } from './parts/Aside.tsx'
import { Choice } from './parts/Choice.tsx'
import { Header } from './parts/Header.tsx'
import { Title } from './parts/Title.tsx'
import { late } from './parts/late.tsx'
import { useOnline } from './parts/online.ts'
import { useNewVersion } from './parts/version.ts'
import { useWatched } from './parts/watched.ts'
import type { Counter } from './refund/counter.ts'
import { PostedScreen } from './sale/PostedScreen.tsx'
import { SaleFoot } from './sale/SaleFoot.tsx'
import { SaleScreen } from './sale/SaleScreen.tsx'
import type { Desk } from './sale/desk.ts'
import type { State } from './sale/state.ts'
import { listenForScanner } from './scanner/keys.ts'
import { ScanPanel, tellCode } from './scanner/ScanPanel.tsx'
import { allowSound } from './signals.ts'
import { say } from './words/say.ts'

const MenuSheet = late(() => import('./parts/MenuSheet.tsx').then(part => part.MenuSheet))
const RefundScreen = late(() => import('./refund/RefundScreen.tsx').then(part => part.RefundScreen))
const QueueSheet = late(() => import('./offline/QueueSheet.tsx').then(part => part.QueueSheet))

type Tab = 'sale' | 'refund'

interface AppProps {
  desk: Desk
  counter: Counter
  queue: Queue
  now: () => number
}

export function App({ desk, counter, queue, now }: AppProps) {
  const state = useWatched(desk)
  const [tab, setTab] = useState<Tab>('sale')
  const [menu, setMenu] = useState(false)
  const [, redraw] = useState(0)
  const online = useOnline(() => {
    desk.send({ kind: 'retried' })
    desk.send({ kind: 'scanRetried' })
    counter.send({ kind: 'retried' })
    void queue.send()
    if (desk.state.pairing.phase === 'unreachable') desk.send({ kind: 'openAsked' })
  })
  const newer = useNewVersion()
  const paired = state.pairing.phase === 'paired'
  const [shelf, setShelf] = useState(false)
  const till = state.till
  const waiting = queue.state.receipts.filter(one => one.till === till?.id && one.outcome.kind === 'waits').length
  const selling = tab === 'sale'

  useEffect(() => {
    document.addEventListener('pointerdown', allowSound)
    document.addEventListener('keydown', allowSound)
    return () => {
      document.removeEventListener('pointerdown', allowSound)
      document.removeEventListener('keydown', allowSound)
    }
  }, [])
  useEffect(() => (paired ? stayAwake() : undefined), [paired])
  useEffect(() => {
    if (!paired || till === null) return
    void queue.start(till.id)
    const seen = (): void => {
      if (document.visibilityState === 'visible') void queue.send()
    }
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [queue, paired, till?.id])
  useEffect(() => {
    if (!paired || !selling || menu || shelf) return
    return listenForScanner({ onCode: code => tellCode(desk, code), onDamaged: () => desk.send({ kind: 'damaged' }) })
  }, [desk, paired, selling, menu, shelf])

  /** Names of services and tiers come from the server in the reader's language. */
  const reread = (): void => {
    redraw(count => count + 1)
    if (paired) desk.send({ kind: 'openAsked' })
  }
  const leave = (): void => {
    setMenu(false)
    desk.send({ kind: 'unpairAsked' })
  }
  return (
    <div class="page">
      <Header till={till} onMenu={() => setMenu(true)}>
        {paired && till !== null && <QueueButton queue={queue} till={till.id} onOpen={() => setShelf(true)} />}
      </Header>
      <main class="scroll" key={screenName(state, tab)}>
        <div class="column">
          {!online && <Notice kind="warning" role="status" title={say('net.offline')} />}
          <Screen state={state} desk={desk} counter={counter} queue={queue} now={now} tab={tab} newer={newer} onTab={setTab} />
        </div>
      </main>
      {paired && selling && state.sale !== null && state.sale.posted === null && <SaleFoot desk={desk} sale={state.sale} />}
      {shelf && till !== null && <QueueSheet queue={queue} till={till} onClose={() => setShelf(false)} />}
      {menu && <MenuSheet state={state} waiting={waiting} onClose={() => setMenu(false)} onLanguage={reread} onUnpair={leave} />}
    </div>
  )
}

/** Another screen starts at its top. */
function screenName({ pairing, sale }: State, tab: Tab): string {
  if (pairing.phase !== 'paired' || tab === 'refund' || sale === null) return `${pairing.phase} ${tab}`
  return `${sale.id} ${sale.posted === null ? 'open' : 'posted'}`
}

interface ScreenProps extends AppProps {
  state: State
  tab: Tab
  newer: boolean
  onTab: (tab: Tab) => void
}

function Screen({ state, desk, counter, now, tab, newer, onTab }: ScreenProps) {
  const { pairing, till, programme, sale } = state
  if (pairing.phase === 'needed') return <PairScreen desk={desk} pairing={pairing} />
  if (pairing.phase === 'unreachable') return <Unreachable desk={desk} />
  if (pairing.phase === 'checking' || till === null || programme === null) return <Opening />
  if (tab === 'sale' && sale?.posted) return <PostedScreen key={sale.id} desk={desk} sale={sale} posted={sale.posted} programme={programme} now={now} />
  if (tab === 'sale' && sale !== null) return <SaleScreen desk={desk} state={state} sale={sale} till={till} programme={programme} now={now} />
  return (
    <>
      {tab === 'sale' && <Title unseen>{say('tab.sale')}</Title>}
      <Choice
        legend={say('app.title')}
        quietLegend
        name="tab"
        value={tab}
        options={[
          { value: 'sale', text: say('tab.sale') },
          { value: 'refund', text: say('tab.refund') },
        ]}
        onChoose={onTab}
      />
      <Aside desk={desk} state={state} newer={newer} />
      {tab === 'sale' ? (
        <ScanPanel desk={desk} scan={state.scan} title={say('scan.title')} />
      ) : (
        <RefundScreen counter={counter} till={till.id} unit={programme.points?.unit ?? null} now={now} onLeave={() => onTab('sale')} />
      )}
    </>
  )
}

function Opening() {
  return (
    <div class="stack" aria-busy="true">
      <h1 class="unseen">{say('app.loading')}</h1>
      <Skeleton height={56} />
      <Skeleton height={360} />
    </div>
  )
}

function Unreachable({ desk }: { desk: Desk }) {
  return (
    <div class="stack">
      <Title>{say('app.unreachable')}</Title>
      <p class="muted">{say('app.unreachableHint')}</p>
      <Button wide onClick={() => desk.send({ kind: 'openAsked' })}>
        {say('app.retry')}
      </Button>
    </div>
  )
}
