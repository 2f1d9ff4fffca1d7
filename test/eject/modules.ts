import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** New paths of files and folders by their old paths, relative to the root of the project. */
export type Moves = Record<string, string>

/** A relative import specifier. */
const SPECIFIER = /(\bfrom |\bimport |\bimport\(|\bmodule )'(\.[^']+)'/g

/**
 * Moves files and folders, and updates the imports of all modules.
 *
 * @throws {Error} if a new path exists.
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

/** Returns the path of a file after the moves, of the file itself or of a folder above it. */
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
