/** The motif of the card: as many layers of shore and water as the tier has marks, on a 343 × 216 ground. */
export function strata(count: number): string[] {
  return Array.from({ length: count }, (_, layer) => {
    const y = 130 + layer * 22
    return `M0 ${y} C 70 ${y - 34 - layer * 4}, 130 ${y + 18}, 200 ${y - 12} S 310 ${y - 30 + layer * 3}, 343 ${y - 6} V216 H0Z`
  })
}
