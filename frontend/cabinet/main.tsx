/** Starts the cabinet: the theme, the words, the first screen; the service worker when the page has settled. */
import { render } from 'preact'
import '../shared/style/tokens.css'
import '../shared/style/page.css'
import { applyTheme } from '../shared/style/theme.ts'
import { App } from './app.tsx'
import { followActivity } from './data/activity.ts'
import { redraw } from './data/redraw.ts'
import { answers } from './data/session.ts'
import { registerWorker } from './data/updates.ts'
import { useValue } from '../shared/data/value.ts'
import { HomeDocument } from './graph/documents.ts'
import { speak } from './words/words.ts'

/** The copy for later must not compete with the page for now. */
const WORKER_DELAY_MS = 2_000
const HOME = /^\/(card(\/code)?)?$/

function Root() {
  useValue(redraw)
  return <App />
}

// The answer travels while the first screen is being drawn.
if (HOME.test(location.pathname)) answers.ahead(HomeDocument, {})
applyTheme()
followActivity()
// The first drawing is a task of its own: a slow phone can answer a touch between the two.
void speak().then(() => setTimeout(() => render(<Root />, document.getElementById('app')!)))
addEventListener('load', () => setTimeout(registerWorker, WORKER_DELAY_MS))
