/**
 * Builds the cabinet, the till, the panel and the landing page, each by itself: what a page shows first comes as one script and one
 * style sheet, because a phone far from the server pays for every further file with a round trip.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { manifestOf } from './manifest.ts'

const ROOT = join(import.meta.dirname, '..')
const ENTRIES = {
  cabinet: { cabinet: 'cabinet/index.html' },
  till: { till: 'till/index.html' },
  admin: { admin: 'admin/index.html' },
  landing: { landing: 'landing/index.html', 'landing-en': 'landing/en.html' },
}

rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
for (const [name, pages] of Object.entries(ENTRIES)) {
  await build({
    root: ROOT,
    logLevel: 'warn',
    publicDir: name === 'cabinet' ? 'public' : false,
    build: {
      emptyOutDir: false,
      manifest: manifestOf(`${name}/index.html`),
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(pages).map(([one, page]) => [one, join(ROOT, page)])),
        output: { codeSplitting: { groups: [{ name, tags: ['$initial'] }] } },
      },
    },
  })
}
