/** Names of facts with their values; what there is none of is left out. */
import css from './cards.module.css'

export function Facts({ facts }: { facts: readonly (readonly [string, string | null | undefined | false])[] }) {
  return <dl class={css['facts']}>{facts.map(([name, value]) => value && <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
}
