/** What of a budget is gone, as a bar and in words; one for each bound it has. */
import { kopecks, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import type { CampaignRowFragment } from '../../graph/documents.ts'
import css from './campaigns.module.css'
import { campaignWords } from './words.ts'

interface Bound {
  name: string
  used: number
  most: number
  tell: (value: number) => string
}

export function Budget({ campaign, unit }: { campaign: CampaignRowFragment; unit: Unit | undefined }) {
  const text = campaignWords()
  const bounds = boundsOf(campaign.budget, unit)
  if (bounds.length === 0) return <>{text.noBudget}</>
  return (
    <>
      {bounds.map(({ name, used, most, tell }) => (
        <span key={name} class={css['budget']}>
          {text.ofBudget(tell(used), tell(most))}
          <svg class={css['bar']} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class={css['ground']} width="100" height="8" />
            <rect class={used >= most ? css['full'] : css['gone']} width={most === 0 ? 100 : Math.min(100, (used / most) * 100)} height="8" />
          </svg>
        </span>
      ))}
    </>
  )
}

function boundsOf(budget: CampaignRowFragment['budget'], unit: Unit | undefined): Bound[] {
  if (!budget) return []
  const points = (value: number): string => (unit ? told(value, unit) : String(value))
  return [
    ...(budget.discount == null ? [] : [{ name: 'discount', used: kopecks(budget.discountUsed), most: kopecks(budget.discount), tell: money }]),
    ...(budget.points == null ? [] : [{ name: 'points', used: budget.pointsUsed, most: budget.points, tell: points }]),
    ...(budget.uses == null ? [] : [{ name: 'uses', used: budget.usesUsed, most: budget.uses, tell: (value: number) => campaignWords().receipts(value) }]),
  ]
}
