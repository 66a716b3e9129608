/** The sections one may open, who one is, and the way out. */
import { Link, useLocation } from 'wouter'
import { classes } from '../../shared/parts/classes.ts'
import { ProfileIcon } from '../../shared/parts/icons.tsx'
import { useViewer } from '../data/rights.ts'
import { signOut } from '../data/leaving.ts'
import { HomeIcon, OutIcon } from '../parts/icons.tsx'
import { words } from '../words/words.ts'
import { programmeName } from './programme.ts'
import css from './Rail.module.css'
import { GROUPS, opened } from './sections.ts'

/** `onMove`: the drawer that holds the rail on a narrow screen closes. */
export function Rail({ onMove }: { onMove?: () => void }) {
  const viewer = useViewer()
  const open = opened(viewer?.rights ?? [])
  return (
    <nav class={css['rail']} aria-label={words.panel.sections}>
      <Link href="/" class={css['home']} onClick={onMove}><i class={css['sign']} aria-hidden="true" /><span>{programmeName()}</span></Link>
      <div class={css['nav']}>
        <ul><Place href="/" name={words.panel.home} Icon={HomeIcon} onMove={onMove} /></ul>
        {GROUPS.map(group => {
          const inside = open.filter(section => section.group === group)
          return inside.length > 0 && (
            <div key={group}>
              <h2 class={css['group']}>{words.groups[group]}</h2>
              <ul aria-label={words.groups[group]}>{inside.map(({ href, name, Icon }) => <Place key={href} href={href} name={words.sections[name]} Icon={Icon} onMove={onMove} />)}</ul>
            </div>
          )
        })}
      </div>
      {viewer && (
        <ul class={css['foot']}>
          <li class={css['who']}><strong>{viewer.name}</strong><span>{viewer.email}</span></li>
          <Place href="/me" name={words.panel.me} Icon={ProfileIcon} onMove={onMove} />
          <li><button type="button" class={css['place']} onClick={() => void signOut()}><OutIcon />{words.panel.signOut}</button></li>
        </ul>
      )}
    </nav>
  )
}

function Place({ href, name, Icon, onMove }: { href: string; name: string; Icon: () => preact.JSX.Element; onMove?: (() => void) | undefined }) {
  const [location] = useLocation()
  const here = href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`)
  return (
    <li>
      <Link href={href} class={classes(css['place'], here && css['here'])} aria-current={here ? 'page' : undefined} {...(onMove && { onClick: onMove })}>
        <Icon />{name}
      </Link>
    </li>
  )
}
