/** The two flags of a rule, each by icon and word: never by colour alone. */
import { classes } from '../../../shared/parts/classes.ts'
import { DashIcon, TickIcon } from '../../../shared/parts/icons.tsx'
import { percent } from '../../../shared/words/numbers.ts'
import { words } from '../../words/words.ts'
import type { MatrixRow } from './matrix.ts'
import css from './marks.module.css'

export function RateMark({ rate }: { rate: string | undefined }) {
  const some = Number(rate ?? 0) > 0
  return <span class={classes(css['mark'], some && css['yes'])}>{some ? <TickIcon /> : <DashIcon />}{some ? words.partners.rate(percent(rate!)) : words.partners.noRate}</span>
}

/** «Бонусы 5 %», «Списать до 30 %» */
export function PointsMarks({ row, tier, name }: { row: MatrixRow; tier: string; name: string }) {
  const [earns, redeems] = [row.earns[tier], row.redeems[tier]]
  const some = Number(earns ?? 0) > 0
  return (
    <>
      <span class={classes(css['mark'], some && css['yes'])}>{some ? <TickIcon /> : <DashIcon />}{some ? words.partners.earns(name, percent(earns!)) : words.partners.noEarns(name)}</span>
      {Number(redeems ?? 0) > 0 && <span class={css['mark']}><TickIcon />{words.partners.redeems(percent(redeems!))}</span>}
    </>
  )
}

/** Under a heading that asks «В накопление», the short answer is enough. */
export function CountMark({ counts, short }: { counts: boolean; short?: boolean }) {
  const [yes, no] = short ? [words.partners.yes, words.partners.no] : [words.partners.counts, words.partners.doesNot]
  return <span class={classes(css['mark'], counts && css['yes'])}>{counts ? <TickIcon /> : <DashIcon />}{counts ? yes : no}</span>
}
