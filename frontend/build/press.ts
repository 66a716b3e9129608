/** Finishes `dist`: the manifest of trusted documents, and a gzip and brotli twin beside every text file. */
import { copyFileSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const DIST = join(import.meta.dirname, '..', 'dist')
const SMALLEST = 400
/** The best brotli of a megabyte takes longer than the whole build. */
const LARGE = 200_000

copyFileSync(join(import.meta.dirname, 'made', 'documents.json'), join(DIST, 'documents.json'))
for (const name of globSync('**/*.{js,css,svg,webmanifest,wasm}', { cwd: DIST })) {
  const file = join(DIST, name)
  const bytes = readFileSync(file)
  if (bytes.length < SMALLEST) continue
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE ? 9 : 11 } }))
}
