/** What the widget shows in each of its states, built node by node: no page's policy forbids that. */
import type { Offer, Site } from './asking.ts'
import { percentOf, type Language, type Words } from './words.ts'

export interface Acts {
  signIn?: (() => void) | undefined
  /** The address of the window, where the browser did not open one. */
  blocked?: string | undefined
  waiting?: boolean | undefined
}

interface Shown {
  site: Site
  words: Words
  language: Language
  acts: Acts
}

type Child = Node | string | undefined

export function make(tag: string, name: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag)
  if (name) made.className = name
  for (let place = 0; place < children.length; place += 1) {
    const child = children[place]
    if (child !== undefined) made.appendChild(typeof child === 'string' ? document.createTextNode(child) : child)
  }
  return made
}

function link(name: string, text: string, address: string, part: string): HTMLElement {
  const made = make('a', name, text)
  made.setAttribute('href', address)
  made.setAttribute('part', part)
  return made
}

function button(name: string, text: string, press: () => void): HTMLElement {
  const made = make('button', name, text)
  made.setAttribute('type', 'button')
  made.setAttribute('part', 'button')
  made.addEventListener('click', press)
  return made
}

function hidden(node: HTMLElement): HTMLElement {
  node.setAttribute('aria-hidden', 'true')
  return node
}

/** The dearest of every tier's discounts, and whether there is more than one. */
export function best(offer: Offer): { percent: string; same: boolean } {
  let percent = '0'
  let same = true
  for (const cell of offer.discount.byTier) {
    if (cell.discountPercent !== offer.discount.byTier[0]!.discountPercent) same = false
    if (Number(cell.discountPercent) > Number(percent)) percent = cell.discountPercent
  }
  return { percent, same }
}

/** The widest discount of all that is shown to this reader, as a number for the page's own script. */
export function widest(site: Site): number {
  let most = 0
  for (const offer of site.offers) {
    const percent = Number(site.tier ? offer.discount.mine?.discountPercent ?? '0' : best(offer).percent)
    if (percent > most) most = percent
  }
  return most
}

function row(offer: Offer, shown: Shown): HTMLElement {
  const { words, language, site } = shown
  const { percent, same } = best(offer)
  const mine = offer.discount.mine?.discountPercent ?? '0'
  const told = site.tier
    ? mine === '0' ? words.none : percentOf(mine, language)
    : same ? percentOf(percent, language) : words.upTo(percentOf(percent, language))
  return make('li', '', make('span', '', offer.service.name), make('b', '', told))
}

function marks(site: Site): HTMLElement {
  const tiers = site.offers[0]?.discount.byTier ?? []
  const level = tiers.findIndex(cell => cell.tier.id === site.tier?.id)
  return hidden(make('span', 'marks', ...tiers.map((_, place) => make('i', place <= level ? 'on' : ''))))
}

/** The first tier that has a discount anywhere here. */
function later(site: Site): string | undefined {
  for (const offer of site.offers) {
    const cell = offer.discount.byTier.find(one => one.discountPercent !== '0')
    if (cell) return cell.tier.name
  }
  return undefined
}

function way(shown: Shown): HTMLElement {
  const { words, site, acts } = shown
  const acting = make('div', 'acts')
  if (acts.blocked) {
    const door = link('act', words.newTab, acts.blocked, 'button')
    door.setAttribute('target', 'kunak-connect')
    door.setAttribute('rel', 'opener')
    acting.appendChild(door)
  } else if (acts.signIn) {
    const door = button('act', acts.waiting ? words.again : words.signIn, acts.signIn)
    door.appendChild(make('span', 'unseen', ` (${words.newWindow})`))
    acting.appendChild(door)
  }
  const said = acts.blocked ? words.blocked : acts.waiting ? words.waiting : undefined
  acting.appendChild(said ? make('span', 'note', said) : link('more', words.join, site.joinLink, 'link'))
  return acting
}

function guest(shown: Shown): Child[] {
  const { words, site } = shown
  return [make('p', 'lead', words.guest(site.programme)), offers(shown), way(shown)]
}

function member(shown: Shown): Child[] {
  const { words, site } = shown
  const has = widest(site) > 0
  const next = has ? undefined : later(site)
  return [
    make('p', 'lead', words.tier(site.programme)),
    make('p', 'tier', site.tier?.name, marks(site)),
    has ? offers(shown) : make('p', '', words.none),
    next ? make('p', 'note', words.later(next)) : undefined,
    make('div', 'acts', link('act', has ? words.bookWith : words.book, site.bookingLink, 'button')),
  ]
}

function offers(shown: Shown): HTMLElement {
  return make('ul', 'offers', ...shown.site.offers.map(offer => row(offer, shown)))
}

/** One line where the page has little room. */
function compact(shown: Shown): Child[] {
  const { words, language, site } = shown
  const most = percentOf(String(widest(site)), language)
  if (!site.tier) return [make('span', '', `${words.guest(site.programme)}: ${words.upTo(most)}`), way(shown)]
  const told = widest(site) === 0 ? words.none : most
  return [make('span', 'tier', site.tier.name, marks(site)), make('b', '', told), make('div', 'acts', link('act', words.book, site.bookingLink, 'button'))]
}

export function drawn(shown: Shown, small: boolean): HTMLElement {
  const inside = small ? compact(shown) : shown.site.tier ? member(shown) : guest(shown)
  return frame(small, shown.words, ...inside)
}

export function waiting(words: Words, small: boolean): HTMLElement {
  const box = frame(small, words, make('span', 'unseen', words.loading), hidden(make('div', 'bar')), hidden(make('div', 'bar')))
  box.setAttribute('aria-busy', 'true')
  return box
}

function frame(small: boolean, words: Words, ...inside: Child[]): HTMLElement {
  const box = make('div', small ? 'box compact' : 'box', ...inside)
  box.setAttribute('part', 'box')
  box.setAttribute('role', 'group')
  box.setAttribute('aria-label', words.name)
  return box
}
