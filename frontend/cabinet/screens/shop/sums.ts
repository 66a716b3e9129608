/** Sums as the API takes them. */

/** `227250` kopecks are `"2272.50"`. */
export function decimal(kopecks: number): string {
  return `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`
}
