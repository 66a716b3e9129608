/** A quiet surface with a heading: the unit every screen is laid out in. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import css from './Panel.module.css'

interface PanelProps {
  title?: string
  /** Stands opposite the heading: a link to everything. */
  aside?: ComponentChildren
  children: ComponentChildren
}

export function Panel({ title, aside, children }: PanelProps) {
  const id = useId()
  return (
    <section class={css['panel']} aria-labelledby={title ? id : undefined}>
      {title && <header class={css['head']}><h2 class={css['title']} id={id}>{title}</h2>{aside}</header>}
      {children}
    </section>
  )
}
