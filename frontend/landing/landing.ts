/** The landing page stands without scripts; this only fetches the form before it is asked for. */
import '../shared/style/tokens.css'
import '../shared/style/page.css'
import '../shared/style/tiers.css'
import './landing.css'

/** A pointer over the button or a finger on it: the next page is on its way before the click. */
function fetchAhead(event: Event): void {
  const link = document.createElement('link')
  link.rel = 'prefetch'
  link.href = (event.currentTarget as HTMLAnchorElement).href
  document.head.append(link)
}

for (const button of document.querySelectorAll<HTMLAnchorElement>('a.button')) {
  for (const kind of ['pointerenter', 'touchstart', 'focus']) button.addEventListener(kind, fetchAhead, { once: true, passive: true })
}
