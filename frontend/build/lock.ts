/** Strips every address from package-lock.json, so that the lock names no registry; `npm ci` does not need them. */
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Record<string, unknown>> }
for (const entry of Object.values(lock.packages)) {
  delete entry['resolved']
  delete entry['funding']
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
