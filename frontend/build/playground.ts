/**
 * Brings GraphiQL for the demo: four ready-made files out of three packages, each checked against its pinned digest.
 * Installing them as dependencies would bring a hundred packages that the ready-made files already hold.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

interface Pinned {
  name: string
  version: string
  integrity: string
  files: Record<string, string>
}

const ROOT = join(import.meta.dirname, '..')
// Not in dist, which every build makes anew.
const TARGET = join(ROOT, 'node_modules', '.playground')
const BLOCK = 512

/** The files of a tar archive by their names. */
function* filesOf(archive: Buffer): Generator<[string, Buffer]> {
  const text = (start: number, length: number): string => archive.toString('utf8', start, start + length).replace(/\0.*$/s, '')
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12).trim(), 8)
    yield [text(at, 100), archive.subarray(at + BLOCK, at + BLOCK + size)]
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
}

const pinned = JSON.parse(readFileSync(join(ROOT, 'playground.json'), 'utf8')) as Pinned[]
const folder = mkdtempSync(join(tmpdir(), 'kunak-playground-'))
try {
  mkdirSync(TARGET, { recursive: true })
  for (const { name, version, integrity, files } of pinned) {
    execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { cwd: folder })
    const packed = readFileSync(join(folder, `${name}-${version}.tgz`))
    const digest = `sha512-${createHash('sha512').update(packed).digest('base64')}`
    if (digest !== integrity) throw new Error(`${name} ${version} is not the package that playground.json pins`)
    for (const [path, bytes] of filesOf(gunzipSync(packed))) {
      const wanted = files[path]
      if (wanted) writeFileSync(join(TARGET, wanted), bytes)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
