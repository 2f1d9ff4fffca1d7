/**
 * Bundles the service into a few files, for the container: finding and loading over a thousand modules takes half
 * of the start.
 *
 *     node deploy/bundle.ts FOLDER [MODULE...]
 *
 * Entry points keep their paths in the folder: the modules that Node is told to run, those that the service finds
 * by folder, and the modules given as arguments. Code that several of them share is in `chunks`. The folder must
 * stay where it is, and needs `node_modules` for the packages that are not bundled.
 */
import { globSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { digestOf } from '../src/storage/migration-files.ts'

const ROOT = join(import.meta.dirname, '..')

/** Their files that are no modules are copied: the service reads them by path. */
const COPIED = ['package.json', 'src', 'plugins', 'routes']

const ENTRY_POINTS = [
  'src/start.js',
  'src/commands/db.ts',
  'src/commands/hash-secret.ts',
  // found by autoload
  'plugins/*.ts',
  'plugins/*/{index,routes}.ts',
  'routes/*/index.ts',
  // found by src/storage/migration-files.ts
  '{plugins,routes}/*/migrations/*.ts',
]

const MIGRATION = /\/migrations\/[^/]+\.ts$/

/** Packages that load files relative to themselves, and one that is only used if it is installed. */
const EXTERNAL = ['pino', 'pino-pretty', 'youch', 'supports-color']

/** Defines the variables of CommonJS modules, which bundled ones still use. */
const BANNER = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const { dirname: __dirname, filename: __filename } = import.meta
`

/** Replaces the paths of our modules by their paths in the folder, although their code is in another file. */
function keepPaths(folder: string): Plugin {
  return {
    name: 'keep paths',
    setup({ onLoad }) {
      onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
        if (path.includes('/node_modules/')) return
        const place = join(folder, relative(ROOT, path))
        const code = await readFile(path, 'utf8')
        const contents = code
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(place)))
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
        return { contents: contents + digestExport(path), loader: 'ts' }
      })
    },
  }
}

/** A database records the digest of a migration's source, from which the bundled code differs. */
function digestExport(path: string): string {
  return MIGRATION.test(path) ? `\nexport const digest = '${digestOf(path)}'\n` : ''
}

const [, , target, ...more] = process.argv
if (!target) throw new Error('name the folder: node deploy/bundle.ts FOLDER')
const folder = resolve(target)
if (folder === ROOT) throw new Error(`${folder} is the folder of the service itself`)
const entryPoints = [...globSync(ENTRY_POINTS, { cwd: ROOT }), ...more]
const { metafile, outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints,
  outdir: folder,
  outbase: ROOT,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'], // the main of jsonc-parser cannot be bundled
  external: EXTERNAL,
  banner: { js: BANNER },
  plugins: [keepPaths(folder)],
  metafile: true,
  write: false,
})
for (const path of COPIED) {
  const filter = (source: string) => !source.endsWith('.ts')
  await cp(join(ROOT, path), join(folder, path), { recursive: true, filter })
}
for (const { path, contents } of outputFiles) {
  // esbuild renames .ts to .js.
  const entryPoint = metafile.outputs[relative(ROOT, path)]?.entryPoint
  const keepsName = entryPoint !== undefined && entryPoints.includes(entryPoint)
  const file = keepsName ? join(folder, entryPoint) : path
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, contents)
}
console.log(`${Object.keys(metafile.inputs).length} modules in ${outputFiles.length}`)
