/** What stands around every signed-in screen: the tab bar of the places that exist, the update line, the toast. */
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button, ButtonLink } from '../../shared/parts/Button.tsx'
import { classes } from '../../shared/parts/classes.ts'
import { CardIcon, HotelIcon, PartnersIcon, ProfileIcon, ReceiptIcon } from '../../shared/parts/icons.tsx'
import { useValue } from '../../shared/data/value.ts'
import { update } from '../data/updates.ts'
import { words } from '../words/words.ts'
import css from './Frame.module.css'
import { booksHotels, programmeName } from './programme.ts'
import { Toast } from '../../shared/parts/Toast.tsx'

const TABS = [
  { href: '/card', name: 'card', Icon: CardIcon },
  { href: '/purchases', name: 'purchases', Icon: ReceiptIcon },
  { href: '/partners', name: 'partners', Icon: PartnersIcon },
  { href: '/booking', name: 'booking', Icon: HotelIcon },
  { href: '/profile', name: 'profile', Icon: ProfileIcon },
] as const

interface FrameProps {
  title: string
  /** A screen with a table or two columns. */
  broad?: boolean
  /** Nobody is signed in: the way in stands where the tabs would be. */
  guest?: boolean
  aside?: ComponentChildren
  children: ComponentChildren
}

export function Frame({ title, broad, guest, aside, children }: FrameProps) {
  const [location] = useLocation()
  const ready = useValue(update)
  useTitle(title)
  return (
    <div class={guest ? undefined : css['frame']}>
      <a class={css['skip']} href="#main">{words.page.skip}</a>
      {!guest && <Tabs location={location} />}
      <main id="main" class={classes(css['main'], broad && css['broad'])} tabIndex={-1}>
        {guest && <div class={css['guest']}><Home /><ButtonLink kind="plain" href="/sign-in">{words.signIn.submit}</ButtonLink></div>}
        <header class={css['head']}><h1 class={css['title']}>{title}</h1>{aside}</header>
        {ready && <div class={css['update']}><span>{words.page.update}</span><Button kind="quiet" onClick={ready}>{words.page.updateAction}</Button></div>}
        {children}
      </main>
      <Toast />
    </div>
  )
}

function Tabs({ location }: { location: string }) {
  return (
    <nav class={css['tabs']} aria-label={words.tabs.label}>
      {TABS.filter(({ name }) => name !== 'booking' || booksHotels()).map(({ href, name, Icon }) => {
        const here = location.startsWith(href)
        return (
          <Link key={href} href={href} class={classes(css['tab'], here && css['here'])} aria-current={here ? 'page' : undefined}>
            <span class={css['icon']}><Icon /></span>{words.tabs[name]}
          </Link>
        )
      })}
    </nav>
  )
}

/** The name of the programme: the way to its public page. */
function Home() {
  return <a class={css['home']} href="/" rel="home"><i class={css['sign']} aria-hidden="true" />{programmeName()}</a>
}

/** Screens that lead into the cabinet: no tabs, one column, the name of the programme. */
export function Door({ title, note, children }: { title: string; note?: ComponentChildren; children: ComponentChildren }) {
  useTitle(title)
  return (
    <div class={css['door']}>
      <main id="main" class={css['inside']} tabIndex={-1}>
        <Home />
        <h1 class={css['title']}>{title}</h1>
        {note && <p class={css['note']}>{note}</p>}
        {children}
      </main>
    </div>
  )
}

/** Names the page, and after a move inside the cabinet puts the reader at its start. */
function useTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
  // With the drawing, not after it: a reader who is quicker than a slow phone has moved on by then, and would lose the focus.
  useLayoutEffect(() => {
    if ((history.state as { moved?: boolean } | null)?.moved) document.getElementById('main')?.focus({ preventScroll: true })
  }, [])
  useEffect(() => scrollTo(0, 0), [])
}
