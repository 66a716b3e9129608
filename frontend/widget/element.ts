/** `<kunak-discount partner="…">`: what the members of a programme get at a hotel, on the hotel's own page. */
import { HOME, site, type Site } from './asking.ts'
import { drawn, waiting, widest, type Acts } from './drawing.ts'
import { answered, forget, open, tokenOf, wish, type Wish } from './signing.ts'
import css from './widget.css?inline'
import { WORDS, languageOf } from './words.ts'

const standing = new Set<KunakDiscount>()
/** One for all that stand on a page. */
let sheet: CSSStyleSheet | undefined

function styles(): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

export class KunakDiscount extends HTMLElement {
  static readonly observedAttributes = ['partner', 'service', 'lang', 'compact']

  readonly #root = this.attachShadow({ mode: 'open' })
  #known: Site | undefined
  #wish: Wish | undefined
  #acts: Acts = {}
  #asked = 0
  #stop: AbortController | undefined
  readonly #back = (): void => {
    if (!this.#known) void this.refresh()
  }

  connectedCallback(): void {
    standing.add(this)
    addEventListener('online', this.#back)
    void this.refresh()
  }

  disconnectedCallback(): void {
    standing.delete(this)
    removeEventListener('online', this.#back)
    this.#asked += 1
    this.#stop?.abort()
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) void this.refresh()
  }

  /** Asks anew and shows what was said; a question that was overtaken by a newer one says nothing. */
  async refresh(): Promise<void> {
    const partner = this.getAttribute('partner') ?? ''
    const language = languageOf(this)
    const turn = ++this.#asked
    this.#acts = {}
    if (!this.#known) this.#show(waiting(WORDS[language], this.hasAttribute('compact')))
    try {
      const token = tokenOf(partner)
      const told = await site(partner, language, token)
      if (token && !told.tier) forget(partner)
      this.#wish = told.tier ? undefined : await wish(partner)
      if (turn !== this.#asked) return
      const only = this.getAttribute('service')
      this.#known = { ...told, offers: only ? told.offers.filter(offer => offer.service.id === only) : told.offers }
      this.#draw()
      this.#tell()
    } catch (fault) {
      if (turn === this.#asked) this.#fail(fault)
    }
  }

  #draw(): void {
    if (!this.#known) return
    const language = languageOf(this)
    const acts: Acts = { ...this.#acts, signIn: this.#wish && (() => this.#signIn()) }
    this.#show(drawn({ site: this.#known, words: WORDS[language], language, acts }, this.hasAttribute('compact')))
  }

  #signIn(): void {
    const asked = this.#wish
    if (!asked) return
    const partner = this.getAttribute('partner') ?? ''
    const language = languageOf(this)
    this.#stop?.abort()
    const stop = this.#stop = new AbortController()
    const opened = open(asked)
    this.#acts = opened ? { waiting: true } : { blocked: asked.address }
    this.#draw()
    void answered(partner, asked, opened, language, stop.signal).then(allowed => {
      if (stop.signal.aborted) return
      // Every widget of this partner on the page knows now; one that was refused makes itself a new question.
      for (const one of allowed ? standing : [this]) if (one.getAttribute('partner') === partner) void one.refresh()
    })
  }

  /** Shows a new inside; whoever stood in the old one stands on the first thing to do of the new one. */
  #show(box: HTMLElement): void {
    const held = this.#root.activeElement !== null
    sheet ??= styles()
    this.#root.adoptedStyleSheets = [sheet]
    this.#fill(box)
    if (held) box.querySelector<HTMLElement>('.act')?.focus({ preventScroll: true })
  }

  /** Nothing is better than something false: the page's own content shows, as it would without the widget. */
  #fail(fault: unknown): void {
    this.#known = undefined
    this.#root.adoptedStyleSheets = []
    this.#fill(document.createElement('slot'))
    console.info(`kunak-discount: ${HOME} did not answer for ${location.origin}: ${fault instanceof Error ? fault.message : 'unknown'}`)
    this.#send('failed', 0, null)
  }

  /** By the oldest of means: pages are known that took the newer ones away. */
  #fill(box: HTMLElement): void {
    while (this.#root.firstChild) this.#root.removeChild(this.#root.firstChild)
    this.#root.appendChild(box)
  }

  #tell(): void {
    if (this.#known) this.#send(this.#known.tier ? 'member' : 'guest', widest(this.#known), this.#known.bookingLink)
  }

  #send(state: string, percent: number, bookingLink: string | null): void {
    this.dispatchEvent(new CustomEvent('kunak-discount:ready', { bubbles: true, composed: true, detail: { state, percent, bookingLink } }))
  }
}
