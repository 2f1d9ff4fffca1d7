import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, normalize } from 'node:path'

/** An import of a module by another; both are files below the root, or else the name of a package. */
export interface Import {
  from: string
  to: string
  /** Of types alone, so that it is gone when the module runs; when it is called for; or at once. */
  kind: 'type' | 'lazy' | 'value'
}

const STATIC = /\b(?:from|import) '([^']+)'/g
const LAZY = /\bimport\('([^']+)'\)/g

/** Finds what the TypeScript modules in folders import. */
export function listImports(root: string, folders: string[]): Import[] {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
  return files.flatMap((from) => {
    const source = readFileSync(join(root, from), 'utf8')
    const values = specifiersIn(stripTypeScriptTypes(source), STATIC)
    const types = specifiersIn(source, STATIC).filter((specifier) => !values.includes(specifier))
    const found = { value: values, type: types, lazy: specifiersIn(source, LAZY) }
    return (['value', 'type', 'lazy'] as const).flatMap((kind) =>
      found[kind].map((specifier) => ({ from, to: resolve(from, specifier), kind })),
    )
  })
}

function specifiersIn(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map(([, specifier = '']) => specifier)
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
}
