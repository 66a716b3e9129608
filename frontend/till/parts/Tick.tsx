/** The large tick of a finished record, drawn once in 200 ms; a returned one is an arrow back. */
import css from './Tick.module.css'

export function Tick({ title, note, returned }: { title: string; note: string; returned?: boolean }) {
  return (
    <div class={css['done']} role="status">
      <svg class={css['tick']} width="96" height="96" viewBox="0 0 96 96" fill="none" aria-hidden="true">
        <circle cx="48" cy="48" r="44" class={css['round']} />
        <path class={css['stroke']} pathLength={1} d={returned ? 'M38 32 26 44l12 12M26 44h30a14 14 0 0 1 0 28h-8' : 'M28 50l14 14 27-31'} />
      </svg>
      <h1 class={css['title']}>{title}</h1>
      <p class="muted">{note}</p>
    </div>
  )
}
