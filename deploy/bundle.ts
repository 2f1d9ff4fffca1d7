/**
 * Has the service load as a few files, for the container: to find and to load a thousand and more modules
 * takes half of a start.
 *
 *     node deploy/bundle.ts [FOLDER [MODULE...]]
 *
 * In the folder, what Node is told to run, what the service finds in its folders, and the modules that are
 * named stay where they are, with all that they import in them, or in `chunks` where several share it. The
 * other modules of the service are removed. Packages stay as they are: some are not bundled, and all say
 * what they are, and under which licence.
 */
import { globSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const MODULES = '{src,plugins,routes}/**/*.ts'

/** Those that nothing imports by a name that stands in the code. */
const ENTRY_POINTS = [
  'src/start.js',
  'src/db.ts',
  'src/auth/hash-secret.ts',
  'src/storage/migrations/*.ts',
  'plugins/*.ts',
  'routes/*/index.ts',
]

/** Packages that load files by where they are themselves. */
const EXTERNAL = ['pino', 'pino-pretty', 'youch']

/** What modules of CommonJS find around them, and those of ECMAScript that they become do not. */
const BANNER = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const { dirname: __dirname, filename: __filename } = import.meta
`

/** Has the service's modules go on to find what is beside them, wherever their code is. */
const inPlace: Plugin = {
  name: 'in place',
  setup({ onLoad }) {
    onLoad({ filter: /\.[jt]s$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return
      const code = await readFile(path, 'utf8')
      const contents = code
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents, loader: 'ts' }
    })
  },
}

const [, , folder = '.', ...more] = process.argv
const root = resolve(folder)
const entryPoints = [...globSync(ENTRY_POINTS, { cwd: root }), ...more]
const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints,
  outdir: root,
  outbase: root,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'esnext',
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  banner: { js: BANNER },
  plugins: [inPlace],
  metafile: true,
  write: false,
})
for (const path of globSync(MODULES, { cwd: root })) await rm(join(root, path))
await mkdir(join(root, 'chunks'))
for (const { path, contents } of outputFiles) {
  const { entryPoint = '' } = metafile.outputs[relative(root, path)] ?? {}
  await writeFile(entryPoints.includes(entryPoint) ? join(root, entryPoint) : path, contents)
}
console.log(`${Object.keys(metafile.inputs).length} modules in ${outputFiles.length}`)
