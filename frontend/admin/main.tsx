/** Starts the panel: the theme, the words, who is signed in, then the first screen. */
import { render } from 'preact'
import '../shared/style/tokens.css'
import '../shared/style/page.css'
import './admin.css'
import { useValue } from '../shared/data/value.ts'
import { applyTheme } from '../shared/style/theme.ts'
import { App } from './app.tsx'
import { redraw } from './data/redraw.ts'
import { followSession } from './data/wake.ts'
import { speak } from './words/words.ts'

function Root() {
  useValue(redraw)
  return <App />
}

applyTheme()
followSession()
void speak().then(() => render(<Root />, document.getElementById('app')!))
