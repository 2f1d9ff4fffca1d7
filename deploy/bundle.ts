/**
 * Bundles the service into a few files for the container. Without the bundle, finding and loading over a thousand
 * modules would take half of the time to the first response.
 *
 *     node deploy/bundle.ts FOLDER [MODULE...]
 *
 * Entry points are the modules that are started with `node`, the modules that the service finds in folders, and the
 * modules given as arguments. They keep their paths in the folder. Code that several entry points share is in `chunks`.
 * The folder cannot be moved, and needs `node_modules` for the packages that are not bundled.
 */
import { globSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { digestOf } from '../src/storage/migration-files.ts'

const ROOT = join(import.meta.dirname, '..')

/** Paths with files that the service reads at run time. All files except TypeScript modules are copied into the folder. */
const COPIED = ['package.json', 'src', 'plugins', 'routes']

const ENTRY_POINTS = [
  'src/start.js',
  'src/commands/db.ts',
  'src/commands/hash-secret.ts',
  // found by autoload
  'plugins/*.ts',
  'plugins/*/{index,routes}.ts',
  'routes/*/index.ts',
  // found by src/storage/migration-files.ts and src/storage/seeds.ts
  '{plugins,routes}/*/migrations/*.ts',
  'routes/*/seed.ts',
]

const MIGRATION = /\/migrations\/[^/]+\.ts$/

/** Packages that are not bundled: three load files from their own folders, and supports-color is optional. */
const EXTERNAL = ['pino', 'pino-pretty', 'youch', 'supports-color']

/** Defines the variables that bundled CommonJS modules use, since the bundle is an ES module, which lacks them. */
const BANNER = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const { dirname: __dirname, filename: __filename } = import.meta
`

/**
 * Replaces `import.meta.dirname` and `import.meta.url` in our modules by the path of the module in the folder. In the
 * bundled code, they would be the path of the bundle.
 */
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

/**
 * Returns code that exports the digest of a migration's source. The database records this digest. The digest of the
 * bundled code would differ.
 */
function digestExport(path: string): string {
  return MIGRATION.test(path) ? `\nexport const digest = '${digestOf(path)}'\n` : ''
}

const [, , target, ...more] = process.argv
if (!target) throw new Error('name the folder: node deploy/bundle.ts FOLDER')
const folder = resolve(target)
if (folder === ROOT)
  throw new Error(
    `cannot write the bundle to ${folder}, which has the sources of the service: choose another folder`,
  )
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
  mainFields: ['module', 'main'], // esbuild cannot bundle the file that `main` of jsonc-parser names
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
  // esbuild renames .ts to .js, which is undone for entry points
  const entryPoint = metafile.outputs[relative(ROOT, path)]?.entryPoint
  const keepsName = entryPoint !== undefined && entryPoints.includes(entryPoint)
  const file = keepsName ? join(folder, entryPoint) : path
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, contents)
}
console.log(
  `bundled ${Object.keys(metafile.inputs).length} modules into ${outputFiles.length} files`,
)
