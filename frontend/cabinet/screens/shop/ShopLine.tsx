/** One line that leads to the shop, on the card; only where the programme sells something here. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

export function ShopLine() {
  const text = shopWords()
  return (
    <Panel title={text.entry} aside={<Link class={css['all']!} href="/shop">{text.open}</Link>}>
      <p class={css['note']}>{text.entryNote}</p>
    </Panel>
  )
}
