/**
 * Builds the widget for partners' own sites: one file under a name that says what is in it and never changes, and a short
 * one under a name that stays, which brings the newest. Files of earlier releases are kept in widget/released.
 * `--release` puts the file of this build there.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'vite'

const ROOT = join(import.meta.dirname, '..')
const RELEASED = join(ROOT, 'widget', 'released')
const TARGET = join(ROOT, 'dist', 'widget', 'v1')

const made = await build({
  root: ROOT, configFile: false, publicDir: false, logLevel: 'warn',
  build: {
    target: 'es2022', write: false, lib: { entry: join(ROOT, 'widget', 'main.ts'), formats: ['es'], fileName: () => 'kunak.js' },
    rolldownOptions: { output: { minify: true } },
  },
})
const output = (Array.isArray(made) ? made[0] : made) as { output: { type: string; code?: string }[] }
const chunks = output.output.filter(one => one.type === 'chunk')
if (chunks.length !== 1 || !chunks[0]?.code) throw new Error('the widget is one file, nothing beside it')
const code = chunks[0].code
const name = `kunak-${createHash('sha256').update(code).digest('hex').slice(0, 12)}.js`

mkdirSync(TARGET, { recursive: true })
for (const file of globSync('kunak-*.js', { cwd: RELEASED })) copyFileSync(join(RELEASED, file), join(TARGET, basename(file)))
writeFileSync(join(TARGET, name), code)
writeFileSync(join(ROOT, 'dist', 'widget', 'v1.js'), `import './v1/${name}'\n`)
// What a page that pins the file writes down.
const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`
writeFileSync(join(ROOT, 'dist', 'widget', 'v1.json'), `${JSON.stringify({ file: `/widget/v1/${name}`, integrity })}\n`)

if (process.argv.includes('--release') && !existsSync(join(RELEASED, name))) {
  mkdirSync(RELEASED, { recursive: true })
  copyFileSync(join(TARGET, name), join(RELEASED, name))
}
console.log(`widget: ${name} ${readFileSync(join(TARGET, name)).length} bytes, ${integrity}`)
