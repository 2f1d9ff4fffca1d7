/** Writes the files that preload.js loads, unless they exist. `npm test` runs this script first. */
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { EXTERNAL, FOLDER, PACKAGES, ROOT, strippedPath } from './preload.js'

/** Defines the variables that bundled CommonJS modules use, since the bundle is an ES module, which lacks them. */
const BANNER = `
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
const { dirname: __dirname, filename: __filename } = import.meta
`

/** Returns all entry points of a package. Without one of them, modules could also be loaded from outside the bundle. */
function importsOf(name: string): string[] {
  const path = join(ROOT, 'node_modules', name, 'package.json')
  const { exports } = JSON.parse(readFileSync(path, 'utf8'))
  const paths = exports?.['.'] ? Object.keys(exports) : ['.']
  return paths.filter((path) => !/\*|\.js(?:on)?$/.test(path)).map((path) => join(name, path))
}

/** Returns a module that exports all names of a package. esbuild does not find the names of CommonJS modules. */
async function reexport(name: string): Promise<string> {
  const { __esModule, 'module.exports': _, ...exports } = await import(name)
  return `export { ${Object.keys(exports).join(', ')} } from '${name}'`
}

/** Writes a file in one step, because other processes may load it at the same time. */
function write(file: string, content: string) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

async function bundle() {
  mkdirSync(dirname(FOLDER), { recursive: true })
  const folder = mkdtempSync(FOLDER)
  const names = PACKAGES.flatMap(importsOf)
  const fileOf = (name: string) => join(folder, `${name}.mjs`)
  for (const name of names) write(fileOf(name), await reexport(name))
  await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: fileOf(name), out: name })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    allowOverwrite: true,
    bundle: true,
    splitting: true, // modules that several entry points share are bundled only once
    format: 'esm',
    platform: 'node',
    external: [...EXTERNAL, 'supports-color'], // supports-color is optional
    banner: { js: BANNER },
  })
  renameSync(folder, FOLDER)
}

if (!existsSync(FOLDER)) await bundle()

const modules = globSync('{src,plugins,routes,test,client,deploy}/**/*.ts', { cwd: ROOT })
for (const module of modules) {
  const source = readFileSync(join(ROOT, module), 'utf8')
  const file = strippedPath(source)
  if (!existsSync(file)) write(file, stripTypeScriptTypes(source))
}
