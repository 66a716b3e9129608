/** Weighs what each page loads first, in gzip bytes, and fails the build at 105 % of a budget. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { reached, readManifest } from './manifest.ts'

const DIST = join(import.meta.dirname, '..', 'dist')
const SLACK = 1.05

/** Kilobytes of gzip; fonts are already compressed and weigh as they are. */
const BUDGETS: Record<string, { js: number; css: number; html: number }> = {
  'cabinet/index.html': { js: 55, css: 10, html: 6 },
  'till/index.html': { js: 70, css: 8, html: 5 },
  'admin/index.html': { js: 70, css: 16, html: 5 },
  'landing/index.html': { js: 8, css: 10, html: 14 },
  'landing/en.html': { js: 8, css: 10, html: 14 },
}
const FONTS = 36

function weight(file: string): number {
  const bytes = readFileSync(join(DIST, file))
  return (file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length) / 1000
}

/** What the page itself names, and everything that those files import at once. */
function firstLoad(page: string): string[] {
  const manifest = readManifest(page)
  const named = [...readFileSync(join(DIST, page), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(match => match[1]!)
  const files = new Set(named)
  for (const [key, chunk] of Object.entries(manifest)) if (files.has(chunk.file)) for (const file of reached(manifest, key, { lazy: false })) files.add(file)
  return [...files]
}

let broken = 0

function check(name: string, kilobytes: number, budget: number): void {
  const over = kilobytes > budget * SLACK
  if (over) broken += 1
  console.log(`${over ? 'OVER ' : 'ok   '}${name.padEnd(24)}${kilobytes.toFixed(1).padStart(6)} of ${budget} KB gz`)
}

for (const [page, budget] of Object.entries(BUDGETS)) {
  if (!existsSync(join(DIST, page))) throw new Error(`${page} was not built`)
  const files = firstLoad(page)
  const sum = (end: string): number => files.filter(file => file.endsWith(end)).reduce((all, file) => all + weight(file), 0)
  check(`${page} js`, sum('.js'), budget.js)
  check(`${page} css`, sum('.css'), budget.css)
  check(page, weight(page), budget.html)
}
// All of it: whoever puts it on a page pays for the styles and both languages too.
const WIDGET = 12
const widget = JSON.parse(readFileSync(join(DIST, 'widget', 'v1.json'), 'utf8')) as { file: string }
check('widget, all of it', weight(widget.file), WIDGET)
check('fonts', globSync('assets/*.woff2', { cwd: DIST }).reduce((all, file) => all + weight(file), 0), FONTS)
if (broken > 0) {
  console.error(`${broken} over budget: find what grew, or load it later`)
  process.exit(1)
}
