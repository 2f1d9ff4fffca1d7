/**
 * Makes of the service what loads as a few files, for the container: to find and to load a thousand and more
 * modules takes half of a start.
 *
 *     node deploy/bundle.ts FOLDER [MODULE...]
 *
 * In the folder, what Node is told to run, what the service finds in its folders, and the modules that are
 * named are where they are here, with all that they import in them, or in `chunks` where several share it.
 * There it has to stay. Packages are needed besides, in `node_modules`, for what is not bundled.
 */
import { globSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** What is in these besides modules is read, by where it is. */
const COPIED = ['package.json', 'src', 'plugins', 'routes']

/** What Node is told to run, and what is found by its folder. */
const ENTRY_POINTS = [
  'src/start.js',
  'src/commands/db.ts',
  'src/commands/hash-secret.ts',
  'src/storage/migrations/*.ts',
]

/** What autoload finds: of each folder its index, or else all of its modules. */
function findAutoloaded(): string[] {
  const modules = globSync(['plugins/**/*.ts', 'routes/**/*.ts'], { cwd: ROOT })
  return modules.filter((path) => {
    const index = join(dirname(path), 'index.ts')
    return path === index || !modules.includes(index)
  })
}

/** Packages that load files by where they are themselves, and one that is used where it happens to be. */
const EXTERNAL = ['pino', 'pino-pretty', 'youch', 'supports-color']

/** What modules of CommonJS find around them, and those of ECMAScript that they become do not. */
const BANNER = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const { dirname: __dirname, filename: __filename } = import.meta
`

/** Has modules of ours find what is beside them, in this folder, wherever their code is. */
function inPlace(folder: string): Plugin {
  return {
    name: 'in place',
    setup({ onLoad }) {
      onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
        if (path.includes('/node_modules/')) return
        const place = join(folder, relative(ROOT, path))
        const code = await readFile(path, 'utf8')
        const contents = code
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(place)))
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
        return { contents, loader: 'ts' }
      })
    },
  }
}

const [, , target, ...more] = process.argv
if (!target) throw new Error('say into which folder')
const folder = resolve(target)
if (folder === ROOT) throw new Error(`${folder} is the service itself`)
const entryPoints = [...globSync(ENTRY_POINTS, { cwd: ROOT }), ...findAutoloaded(), ...more]
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
  plugins: [inPlace(folder)],
  metafile: true,
  write: false,
})
for (const path of COPIED) {
  const filter = (source: string) => !source.endsWith('.ts')
  await cp(join(ROOT, path), join(folder, path), { recursive: true, filter })
}
for (const { path, contents } of outputFiles) {
  // esbuild would have it end in .js
  const entryPoint = metafile.outputs[relative(ROOT, path)]?.entryPoint
  const isNamed = entryPoint !== undefined && entryPoints.includes(entryPoint)
  const file = isNamed ? join(folder, entryPoint) : path
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, contents)
}
console.log(`${Object.keys(metafile.inputs).length} modules in ${outputFiles.length}`)
