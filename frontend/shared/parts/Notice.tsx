/** One sentence that matters, with at most one way out. */
import type { ComponentChildren } from 'preact'
import { classes } from './classes.ts'
import css from './Notice.module.css'

interface NoticeProps {
  kind?: 'info' | 'success' | 'warning' | 'danger'
  /** 'alert' speaks at once, 'status' waits its turn; none when the text was there from the start. */
  role?: 'alert' | 'status'
  title?: string
  children?: ComponentChildren
  action?: ComponentChildren
}

export function Notice({ kind = 'info', role, title, children, action }: NoticeProps) {
  return (
    <div class={classes(css['notice'], css[kind])} role={role}>
      <div class={css['text']}>
        {title && <p class={css['title']}>{title}</p>}
        {children}
      </div>
      {action}
    </div>
  )
}
