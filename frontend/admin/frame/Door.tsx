/** Pages before anybody is known: one column under one stratum of the programme's colours. */
import type { ComponentChildren } from 'preact'
import { Toast } from '../../shared/parts/Toast.tsx'
import { words } from '../words/words.ts'
import css from './Door.module.css'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { programmeName } from './programme.ts'
import { useTitle } from './Screen.tsx'

export function Door({ title, note, step, wide, children }: { title: string; note?: ComponentChildren; step?: string; wide?: boolean; children: ComponentChildren }) {
  useTitle(title)
  return (
    <div class={css['door']} data-wide={wide}>
      <header class={css['top']}>
        <span class={css['home']}><i class={css['sign']} aria-hidden="true" />{programmeName()} · {words.panel.name}</span>
        <LanguageSwitch />
      </header>
      <main id="main" class={css['inside']} tabIndex={-1}>
        {step && <p class={css['step']}>{step}</p>}
        <h1 class={css['title']}>{title}</h1>
        {note && <p class={css['note']}>{note}</p>}
        {children}
      </main>
      <Toast />
    </div>
  )
}
