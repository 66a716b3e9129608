/** Builds the service workers: `<entry>/worker.ts` becomes `/sw.js` (cabinet) or `/till-sw.js`, with the list of files it keeps. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { reached, readManifest } from './manifest.ts'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
const WORKERS = { cabinet: 'sw', till: 'till-sw' } as const

for (const [entry, name] of Object.entries(WORKERS)) {
  const source = join(ROOT, entry, 'worker.ts')
  if (!existsSync(source)) continue
  // First load, lazy parts and fonts alike: offline the whole entry works, not only the page it was opened on.
  const kept = [...reached(readManifest(`${entry}/index.html`), `${entry}/index.html`, { lazy: true })].filter(file => !file.endsWith('.wasm')).map(file => `/${file}`).sort()
  const page = readFileSync(join(DIST, entry, 'index.html'))
  const version = createHash('sha256').update(kept.join()).update(page).digest('hex').slice(0, 12)
  await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { KEPT: JSON.stringify(kept), VERSION: JSON.stringify(version) },
    build: { target: 'es2022', outDir: DIST, emptyOutDir: false, lib: { entry: source, formats: ['es'], fileName: () => `${name}.js` } },
  })
}
