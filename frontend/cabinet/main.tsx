/** Starts the cabinet: the theme, the words, the first screen; the service worker when the page has settled. */
import { render } from 'preact'
import '../shared/style/tokens.css'
import '../shared/style/page.css'
import { applyTheme } from '../shared/style/theme.ts'
import { App } from './app.tsx'
import { followActivity } from './data/activity.ts'
import { redraw } from './data/redraw.ts'
import { registerWorker } from './data/updates.ts'
import { useValue } from './data/value.ts'
import { speak } from './words/words.ts'

function Root() {
  return <App key={useValue(redraw)} />
}

applyTheme()
void speak().then(() => render(<Root />, document.getElementById('app')!))
followActivity()
addEventListener('load', registerWorker)
