/** Weighs what each entry loads first, in gzip bytes, and fails the build at 105 % of a budget. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chunks, type Manifest } from './manifest.ts'

const DIST = join(import.meta.dirname, '..', 'dist')
const SLACK = 1.05

/** Kilobytes of gzip; fonts are already compressed and weigh as they are. */
const BUDGETS: Record<string, { js: number; css: number; html: number }> = {
  cabinet: { js: 55, css: 10, html: 6 },
  till: { js: 70, css: 8, html: 5 },
  landing: { js: 8, css: 10, html: 14 },
}
const FONTS = 36

function weight(file: string): number {
  const bytes = readFileSync(join(DIST, file))
  return (file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length) / 1000
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite', 'manifest.json'), 'utf8')) as Manifest
let broken = 0

function check(name: string, kilobytes: number, budget: number): void {
  const over = kilobytes > budget * SLACK
  if (over) broken += 1
  console.log(`${over ? 'OVER ' : 'ok   '}${name.padEnd(16)}${kilobytes.toFixed(1).padStart(7)} of ${budget} KB gz`)
}

for (const [entry, budget] of Object.entries(BUDGETS)) {
  const page = `${entry}/index.html`
  if (!existsSync(join(DIST, page))) continue
  const files = [...chunks(manifest, page, { lazy: false })]
  const sum = (end: string): number => files.filter(file => file.endsWith(end)).reduce((all, file) => all + weight(file), 0)
  check(`${entry} js`, sum('.js'), budget.js)
  check(`${entry} css`, sum('.css'), budget.css)
  check(`${entry} html`, weight(page), budget.html)
}
check('fonts', globSync('assets/*.woff2', { cwd: DIST }).reduce((all, file) => all + weight(file), 0), FONTS)
if (broken > 0) {
  console.error(`${broken} over budget: find what grew, or load it later`)
  process.exit(1)
}
