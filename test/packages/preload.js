/**
 * Halves the start of a test file. Packages, which consist of over a thousand small modules, are loaded from bundles, and
 * our modules without their types. bundle.ts writes these files. Modules without such a file load as usual.
 *
 * Plain JavaScript, because Node needs 50 ms before it can remove the types of a first module.
 */
import { hash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const ROOT = join(import.meta.dirname, '../..')
const CACHE = join(ROOT, 'node_modules/.cache')

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** Packages that are not bundled. They load files from their own folders, except for jsonc-parser, which is small. */
export const EXTERNAL = ['jsonc-parser', 'pino', 'pino-pretty', 'youch']

export const PACKAGES = Object.keys(dependencies).filter((name) => !EXTERNAL.includes(name))

/** Folder of the bundles. Its name depends on the versions, so that bundles of other versions are not loaded. */
export const FOLDER = join(CACHE, `bundles-${hash('sha1', JSON.stringify(dependencies))}`)

const files = globSync('**/*.mjs', { cwd: FOLDER })
const bundles = new Map(
  files.map((file) => [file.replace(/\.mjs$/, ''), pathToFileURL(join(FOLDER, file)).href]),
)

/** Returns the path of the module without types for the source of a module. */
export const strippedPath = (source) => join(CACHE, 'stripped', hash('sha1', source))

registerHooks({
  resolve(specifier, context, next) {
    // A package may need another version of a bundled package.
    const isOurs = !context.parentURL?.includes('/node_modules/')
    return next((isOurs && bundles.get(specifier)) || specifier, context)
  },
  load(url, context, next) {
    const loaded = next(url, context)
    if (loaded.format !== 'module-typescript') return loaded
    try {
      const source = readFileSync(strippedPath(loaded.source), 'utf8')
      // Node adds the same text. The coverage of processes with and without this file can be merged only if their
      // modules have the same length.
      return { ...loaded, format: 'module', source: `${source}\n\n//# sourceURL=${url}` }
    } catch {
      return loaded // the module has changed since bundle.ts was run
    }
  },
})

// Stripped modules keep the positions of their code.
process.setSourceMapsEnabled(false)
