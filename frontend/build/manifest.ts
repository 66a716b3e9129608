/** Reads Vite's manifests: which files an entry loads at once, and which it may load later. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DIST = join(import.meta.dirname, '..', 'dist')

interface Chunk {
  file: string
  css?: string[]
  assets?: string[]
  imports?: string[]
  dynamicImports?: string[]
}

export type Manifest = Record<string, Chunk>

/** Where the build of this page leaves its manifest, below `dist`: one for all pages of a folder. */
export function manifestOf(page: string): string {
  return `.vite/${page.slice(0, page.indexOf('/'))}.json`
}

export function readManifest(page: string): Manifest {
  return JSON.parse(readFileSync(join(DIST, manifestOf(page)), 'utf8')) as Manifest
}

/** Every file the entry reaches by static imports; with `lazy`, by dynamic ones too. */
export function reached(manifest: Manifest, key: string, options: { lazy: boolean }): Set<string> {
  const files = new Set<string>()
  const seen = new Set<string>()
  const walk = (one: string): void => {
    const chunk = manifest[one]
    if (!chunk || seen.has(one)) return
    seen.add(one)
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file)
    for (const next of chunk.imports ?? []) walk(next)
    if (options.lazy) for (const next of chunk.dynamicImports ?? []) walk(next)
  }
  walk(key)
  return files
}
