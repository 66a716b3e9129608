/** Writes the typed documents of each entry and the manifest of trusted documents from the committed schema. */
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codegen } from '@graphql-codegen/core'
import * as operations from '@graphql-codegen/typescript-operations'
import { buildASTSchema, parse, print, validate, visit, Kind, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql'

const ROOT = join(import.meta.dirname, '..')
const SCHEMA = process.env['KUNAK_SCHEMA'] ?? join(ROOT, '..', 'graph', 'schema.graphql')
const SCALARS = { Money: 'string', Points: 'number', Date: 'string', DateTime: 'string', UUID: 'string' }

const sdl = parse(readFileSync(SCHEMA, 'utf8'))
const schema = buildASTSchema(sdl, { assumeValidSDL: true })

/** Adds `__typename` below the root: unions are told apart and the query cache learns which types an answer holds. */
function named(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(node, _key, parent) {
      const root = parent && !Array.isArray(parent) && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION
      const has = node.selections.some(one => one.kind === Kind.FIELD && one.name.value === '__typename')
      if (root || has) return undefined
      const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const
      return { ...node, selections: [typename, ...node.selections] }
    },
  })
}

/** The operation with exactly the fragments it reaches, as one text. */
function text(operation: OperationDefinitionNode, fragments: Map<string, FragmentDefinitionNode>): string {
  const used = new Set<FragmentDefinitionNode>()
  const reach = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (fragment && !used.has(fragment)) {
          used.add(fragment)
          reach(fragment)
        }
      },
    })
  }
  reach(operation)
  return print({ kind: Kind.DOCUMENT, definitions: [operation, ...used] })
}

async function write(app: string, trusted: Record<string, string>): Promise<number> {
  const files = globSync(`{${app},shared}/**/*.graphql`, { cwd: ROOT }).sort()
  const sources = files.map(file => ({ location: file, document: named(parse(readFileSync(join(ROOT, file), 'utf8'))) }))
  const whole: DocumentNode = { kind: Kind.DOCUMENT, definitions: sources.flatMap(one => one.document.definitions) }
  const faults = validate(schema, whole).filter(fault => !fault.message.includes('is never used'))
  if (faults.length > 0) throw new Error(`${app}: ${faults.map(fault => fault.message).join('\n')}`)

  const fragments = new Map(whole.definitions.filter(one => one.kind === Kind.FRAGMENT_DEFINITION).map(one => [one.name.value, one]))
  const lines: string[] = []
  // What a part needs that is loaded later must not weigh on what is loaded first.
  const later: { line: string; types: string[] }[] = []
  const lateNames = new Set(sources.filter(one => one.location.endsWith('.late.graphql')).flatMap(one => one.document.definitions).flatMap(one => (one.kind === Kind.OPERATION_DEFINITION ? one.name?.value : []) ?? []))
  for (const operation of whole.definitions.filter(one => one.kind === Kind.OPERATION_DEFINITION)) {
    const body = text(operation, fragments)
    const hash = createHash('sha256').update(body).digest('hex')
    trusted[hash] = body
    const name = operation.name?.value
    if (!name) throw new Error(`${app}: an operation without a name`)
    const type = `${name}${operation.operation[0]?.toUpperCase()}${operation.operation.slice(1)}`
    const line = `export const ${name}Document = /* @__PURE__ */ trusted<${type}, ${type}Variables>('${hash}')`
    if (lateNames.has(name)) later.push({ line, types: [type, `${type}Variables`] })
    else lines.push(line)
  }

  const types = await codegen({
    filename: 'documents.ts', schema: sdl, schemaAst: schema, documents: sources, plugins: [{ operations: {} }], pluginMap: { operations },
    config: { scalars: SCALARS, defaultScalarType: 'never', nonOptionalTypename: true, skipTypeNameForRoot: true, enumsAsTypes: true, enumType: 'string-literal', useTypeImports: true },
  })
  const folder = join(ROOT, app, 'graph')
  mkdirSync(folder, { recursive: true })
  const head = `// Written by build/graph.ts from the schema and the .graphql files: edit those.\n${lines.length > 0 ? "import { trusted } from '../../shared/graph/trusted.ts'\n" : ''}`
  writeFileSync(join(folder, 'documents.ts'), `${head}\n${types}\n${lines.join('\n')}\n`)
  if (later.length > 0) {
    const types = later.flatMap(one => one.types).join(', ')
    const imports = `import { trusted } from '../../shared/graph/trusted.ts'\nimport type { ${types} } from './documents.ts'\n`
    writeFileSync(join(folder, 'late.ts'), `// Written by build/graph.ts from the schema and the .late.graphql files: edit those.\n${imports}\n${later.map(one => one.line).join('\n')}\n`)
  }
  return lines.length + later.length
}

const trusted: Record<string, string> = {}
const counts = []
for (const app of ['cabinet', 'till', 'admin']) counts.push(`${app} ${await write(app, trusted)}`)
mkdirSync(join(ROOT, 'build', 'made'), { recursive: true })
writeFileSync(join(ROOT, 'build', 'made', 'documents.json'), `${JSON.stringify(trusted, null, 1)}\n`)
console.log(`documents: ${counts.join(', ')}`)
