/** Starts the till: language, theme and words first, then the desk and the page. */
import { render } from 'preact'
import '../shared/style/tokens.css'
import '../shared/style/page.css'
import './till.css'
import { post } from '../shared/graph/post.ts'
import { applyTheme } from '../shared/style/theme.ts'
import { scriptUrl } from '../shared/trust.ts'
import { language } from '../shared/words/language.ts'
import { App } from './App.tsx'
import { Clock } from './clock.ts'
import { Counter } from './refund/counter.ts'
import { Attempts } from './sale/attempts.ts'
import type { Ask } from './sale/deliver.ts'
import { Desk, type Ports } from './sale/desk.ts'
import { Memory } from './sale/memory.ts'
import { Queue } from './offline/queue.ts'
import { alone, tabs } from './offline/tabs.ts'
import { signal } from './signals.ts'
import { loadWords } from './words/say.ts'

const clock = new Clock()
const ask: Ask = (document, variables, options) => post(document, variables, { ...options, credential: 'till' })
const device = (): number => Date.now()
const queue = new Queue({ ask, device, alone, tabs: tabs(), onOther: () => desk.send({ kind: 'openAsked' }) })
const ports: Ports = {
  ask,
  attempts: new Attempts(),
  memory: new Memory(sessionStorage, localStorage),
  signal,
  now: clock.now,
  queue,
  device,
  online: () => navigator.onLine,
}
const desk = new Desk(ports)

async function start(): Promise<void> {
  applyTheme()
  document.documentElement.lang = language()
  await loadWords()
  const counter = new Counter(ports, crypto.randomUUID(), () => desk.send({ kind: 'stranger', notice: null }))
  desk.start()
  void clock.set()
  const root = document.getElementById('app')
  if (root !== null) render(<App desk={desk} counter={counter} queue={queue} now={clock.now} />, root)
  if (import.meta.env.PROD && 'serviceWorker' in navigator)
    void navigator.serviceWorker.register(scriptUrl('/till-sw.js'), { scope: '/till' }).catch(() => undefined)
}

void start()
