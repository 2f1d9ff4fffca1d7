import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Where files and folders go, by where they are: paths below the root of the project. */
export type Moves = Record<string, string>

/** A module that another one names by its file. */
const SPECIFIER = /(\bfrom |\bimport |\bimport\(|\bmodule )'(\.[^']+)'/g

/**
 * Moves files and folders, and has all modules name each other where they are then.
 *
 * @throws {Error} where there is something already.
 */
export function moveModules(root: string, moves: Moves) {
  const modules = globSync('*/**/*.{ts,js}', {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  })
  for (const module of modules) {
    const source = readFileSync(join(root, module), 'utf8')
    const renamed = source.replace(SPECIFIER, (_match, before, specifier) => {
      const target = destinationOf(moves, join(dirname(module), specifier))
      return `${before}'${specifierOf(destinationOf(moves, module), target)}'`
    })
    if (renamed !== source) writeFileSync(join(root, module), renamed)
  }
  for (const [from, to] of Object.entries(moves)) move(join(root, from), join(root, to))
}

/** Where a file is after the moves: it moves by itself, or with a folder that it is in. */
function destinationOf(moves: Moves, file: string): string {
  for (const [from, to] of Object.entries(moves)) {
    if (file === from || file.startsWith(`${from}/`)) return to + file.slice(from.length)
  }
  return file
}

function specifierOf(module: string, target: string): string {
  const path = relative(dirname(module), target)
  return path.startsWith('.') ? path : `./${path}`
}

function move(from: string, to: string) {
  if (existsSync(to)) throw new Error(`${to} is there already`)
  mkdirSync(dirname(to), { recursive: true })
  renameSync(from, to)
}
