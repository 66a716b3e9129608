/** Points with their name: the programme says what one, few and many of them are called. */
import { plural } from './numbers.ts'

export interface Unit {
  name: string
  one: string
  few: string
  many: string
}

/** «1 240 бонусов»; a negative count keeps its sign before the figure. */
export function told(count: number, unit: Unit): string {
  const text = plural(Math.abs(count), { one: `# ${unit.one}`, few: `# ${unit.few}`, many: `# ${unit.many}`, other: `# ${unit.many}` }).replace(' ', '\u00A0')
  return count < 0 ? `−${text}` : text
}

/** «+50 бонусов», «−500 бонусов». */
export function signed(count: number, unit: Unit): string {
  return count > 0 ? `+${told(count, unit)}` : told(count, unit)
}
