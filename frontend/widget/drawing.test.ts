/** What the widget says of discounts, without a page. */
import { describe, expect, test } from 'vitest'
import type { Offer, Site } from './asking.ts'
import { best, widest } from './drawing.ts'
import { percentOf } from './words.ts'

function offer(mine: string | null, ...percents: string[]): Offer {
  const tier = (place: number): { id: string; name: string } => ({ id: `t${place}`, name: `T${place}` })
  return {
    service: { id: 'stay', name: 'Stay' },
    discount: {
      mine: mine === null ? null : { discountPercent: mine, tier: tier(0) },
      byTier: percents.map((discountPercent, place) => ({ discountPercent, tier: tier(place) })),
    },
  }
}

function site(tier: string | null, ...offers: Offer[]): Site {
  return { programme: 'P', tier: tier === null ? null : { id: tier, name: tier }, bookingLink: '/', joinLink: '/', offers }
}

describe('A-088: an honest discount', () => {
  test('a guest hears the best of every tier, and "up to" only where tiers differ', () => {
    expect(best(offer(null, '0', '5', '15', '10'))).toEqual({ percent: '15', same: false })
    expect(best(offer(null, '7.5', '7.5'))).toEqual({ percent: '7.5', same: true })
    expect(best(offer(null, '9', '10'))).toEqual({ percent: '10', same: false })
  })

  test('a member hears their own, never the best of others', () => {
    expect(widest(site('t0', offer('0', '0', '15'), offer('5', '5', '15')))).toBe(5)
    expect(widest(site('t0', offer('0', '0', '15')))).toBe(0)
    expect(widest(site(null, offer(null, '0', '15')))).toBe(15)
  })

  test('percents are written as readers write them', () => {
    expect(percentOf('7.5', 'ru')).toBe('7,5 %')
    expect(percentOf('7.5', 'en')).toBe('7.5%')
  })
})
