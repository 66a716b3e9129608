/** One or two words about a state: told by the words, the colour only helps. */
import type { ComponentChildren } from 'preact'
import css from './Badge.module.css'

export type Tone = 'plain' | 'success' | 'warning' | 'danger' | 'info'

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`${css['badge']} ${css[tone]}`}>{children}</span>
}
