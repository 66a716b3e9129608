/** Bars of a chart: what each issuer stands for, month by month, in parts of the tallest. */

interface Row {
  issuer: string
  closing: number
}

interface Month {
  month: string
  liabilities: readonly Row[]
}

export interface Part {
  issuer: string
  /** Distance from the top and height, of 100. */
  from: number
  size: number
}

export interface Bar {
  month: string
  total: number
  parts: Part[]
}

/** The oldest first, `most` at most. What is owed by members makes a sum below zero and has no bar. */
export function barsOf(months: readonly Month[], issuers: readonly string[], most: number): Bar[] {
  const shown = [...months].slice(0, most).reverse()
  const totals = shown.map(one => one.liabilities.reduce((sum, row) => sum + row.closing, 0))
  const tallest = Math.max(1, ...shown.map(one => one.liabilities.reduce((sum, row) => sum + Math.max(0, row.closing), 0)))
  return shown.map((one, place) => {
    let top = 100
    const parts = issuers.flatMap(issuer => {
      const size = (Math.max(0, one.liabilities.find(row => row.issuer === issuer)?.closing ?? 0) / tallest) * 100
      if (size === 0) return []
      top -= size
      return [{ issuer, from: top, size }]
    })
    return { month: one.month, total: totals[place]!, parts }
  })
}
