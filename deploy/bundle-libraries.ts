/**
 * Has libraries of hundreds of modules load as a few: to find and load them takes half of a start.
 *
 *     node deploy/bundle-libraries.ts [FOLDER]
 *
 * In the folder's node_modules, what these libraries export stays under its name, with all that it is made
 * of in it or in a file that several share; the other modules are removed. Whoever imports them, the
 * service or another library, finds no difference.
 */
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** Those whose modules are of ECMAScript, and are reached by nothing but what they export. */
const LIBRARIES = ['kysely', 'typebox']

type Exports = string | { [condition: string]: Exports }

/** The file that an import gets of what a package.json says about one export. */
function targetOf(exported: Exports): string {
  if (typeof exported === 'string') return exported
  const { default: usual = '', import: target = usual } = exported
  return targetOf(target)
}

async function bundle(library: string) {
  const { exports } = JSON.parse(await readFile(join(library, 'package.json'), 'utf8'))
  const entryPoints = Object.values(exports as Record<string, Exports>)
    .map(targetOf)
    .filter((file) => /\.m?js$/.test(file))
  const { metafile } = await build({
    absWorkingDir: library,
    entryPoints,
    outdir: library,
    outbase: library,
    outExtension: { '.js': entryPoints.some((file) => file.endsWith('.mjs')) ? '.mjs' : '.js' },
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
  })
  const { inputs, outputs } = metafile
  const replaced = Object.keys(inputs).filter((file) => !(file in outputs))
  for (const file of replaced) await rm(join(library, file))
  console.log(`${library}: ${Object.keys(inputs).length} modules in ${Object.keys(outputs).length}`)
}

const [, , folder = '.'] = process.argv
for (const library of LIBRARIES) await bundle(resolve(folder, 'node_modules', library))
