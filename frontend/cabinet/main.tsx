/** Starts the cabinet. */
import { render } from 'preact'
import '../shared/style/tokens.css'
import '../shared/style/base.css'

render(<main>…</main>, document.getElementById('app')!)
