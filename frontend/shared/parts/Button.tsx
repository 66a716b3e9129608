/** The button, and the link that looks like one. */
import type { ComponentChildren } from 'preact'
import { partWords } from '../words/parts.ts'
import { classes } from './classes.ts'
import css from './Button.module.css'

export type ButtonKind = 'filled' | 'quiet' | 'plain' | 'danger'

interface Look {
  kind?: ButtonKind
  /** As wide as its column. */
  wide?: boolean
  icon?: ComponentChildren
  children: ComponentChildren
}

interface ButtonProps extends Look {
  type?: 'button' | 'submit'
  busy?: boolean
  disabled?: boolean
  onClick?: (event: MouseEvent) => void
  label?: string
  expanded?: boolean
  /** The form it submits, where it stands outside of it. */
  form?: string
}

/** A busy button keeps its words, its width and its place in the tab order; it only stops answering. */
export function Button({ kind = 'filled', wide, busy, disabled, type = 'button', onClick, icon, label, expanded, form, children }: ButtonProps) {
  return (
    <button
      type={type}
      form={form}
      class={classes(css['button'], css[kind], wide && css['wide'], busy && css['busy'])}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-label={label}
      aria-expanded={expanded}
      onClick={event => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      <span class={css['face']}>
        {busy && <span class={css['wait']} aria-hidden="true"><i class={css['spinner']} /></span>}
        {icon}{children}
      </span>
      {busy && <span class="unseen" role="status">{partWords().busy}</span>}
    </button>
  )
}

interface ButtonLinkProps extends Look {
  href: string
  onClick?: (event: MouseEvent) => void
  outside?: boolean
}

export function ButtonLink({ kind = 'filled', wide, href, onClick, outside, icon, children }: ButtonLinkProps) {
  return (
    <a href={href} class={classes(css['button'], css[kind], wide && css['wide'])} onClick={onClick} {...(outside && { target: '_blank', rel: 'noreferrer' })}>
      <span class={css['face']}>{icon}{children}</span>
    </a>
  )
}
