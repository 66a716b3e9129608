/** When the shared points end, lot by lot, in the order they are spent: whose they are, and a partner only where its buyer shows it. */
import { useRef, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { pointsWords } from '../points/words.ts'
import css from './Family.module.css'
import type { Family } from './FamilyScreen.tsx'
import { familyWords } from './words.ts'

type Lots = NonNullable<Family['pool']>['lots']

/** A household of five has dozens of ends; what comes first is what matters. */
const AT_FIRST = 4

export function LotsPanel({ lots, unit }: { lots: Lots; unit: Unit }) {
  const [all, setAll] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const text = familyWords()
  const points = pointsWords()
  if (lots.length === 0) return null
  const rest = all ? 0 : lots.length - AT_FIRST
  const open = (): void => {
    setAll(true)
    // The button goes away with its press: the keyboard stands on the first row that came, not at the top of the page.
    setTimeout(() => (list.current?.children[AT_FIRST] as HTMLElement | undefined)?.focus())
  }
  return (
    <Panel title={points.lots}>
      <p class={css['note']}>{text.lotsNote}</p>
      <ul ref={list}>
        {lots.slice(0, rest > 0 ? AT_FIRST : undefined).map((lot, place) => (
          <li key={`${lot.expiresAt} ${lot.issuer?.id}`} class={css['row']} tabIndex={place < AT_FIRST ? undefined : -1}>
            <span class={css['who']}>{told(lot.points, unit)}</span>
            <span class={css['sub']}>
              {[
                lot.lastDay ? points.until(day(lot.lastDay, true)) : points.forever,
                lot.issuer && points.issuer(lot.issuer.name),
                lot.mine > 0 && (lot.mine === lot.points ? text.lotMine : text.lotPartly(told(lot.mine, unit))),
              ].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && <Button kind="quiet" wide onClick={open}>{text.lotsRest(rest)}</Button>}
    </Panel>
  )
}
