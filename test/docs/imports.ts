import { existsSync, globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, normalize } from 'node:path'

/** An import. `from` and `to` are paths below the root; `to` can also be the name of a package. */
export interface Import {
  from: string
  to: string
  /** `type` imports only types, `lazy` is `import()`, `value` is any other import. */
  kind: 'type' | 'lazy' | 'value'
}

const STATIC = /\b(?:from|import) '([^']+)'/g
const LAZY = /\bimport\('([^']+)'\)/g

/** Lists the imports of all TypeScript modules in the folders. */
export function listImports(root: string, folders: string[]): Import[] {
  return listModules(root, folders).flatMap((from) => {
    const source = readFileSync(join(root, from), 'utf8')
    const values = specifiersIn(stripTypeScriptTypes(source), STATIC)
    const types = specifiersIn(source, STATIC).filter((specifier) => !values.includes(specifier))
    // A template of code has imports too, which lead to no module.
    const isModule = (specifier: string) =>
      !specifier.startsWith('.') || existsSync(join(root, resolve(from, specifier)))
    const found = { value: values, type: types, lazy: specifiersIn(source, LAZY) }
    return (['value', 'type', 'lazy'] as const).flatMap((kind) =>
      found[kind]
        .filter(isModule)
        .map((specifier) => ({ from, to: resolve(from, specifier), kind })),
    )
  })
}

/** Lists the TypeScript modules in the folders, as paths below the root. */
export function listModules(root: string, folders: string[]): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort()
}

function specifiersIn(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map(([, specifier = '']) => specifier)
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
}

/** Returns the shortest import cycle of each module that imports itself through other modules. */
export function findCycles(imports: Pick<Import, 'from' | 'to'>[]): string[] {
  const targets = Map.groupBy(imports, ({ from }) => from)
  return [...targets.keys()].flatMap((start) => {
    const paths = [[start]]
    const seen = new Set<string>()
    for (const path of paths) {
      for (const { to } of targets.get(String(path.at(-1))) ?? []) {
        if (to === start) return [[...path, start].join(' -> ')]
        if (!seen.has(to)) paths.push([...path, to])
        seen.add(to)
      }
    }
    return []
  })
}
