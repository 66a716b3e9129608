/** Defines the element once, however often a page loads it; a browser that is too old for it shows the page's own content. */
import { KunakDiscount } from './element.ts'

if ('adoptedStyleSheets' in ShadowRoot.prototype && !customElements.get('kunak-discount')) {
  customElements.define('kunak-discount', KunakDiscount)
}
