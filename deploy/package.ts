/**
 * Compiles the service to JavaScript with types, for `npm pack`, since Node does not strip types in `node_modules`.
 *
 *     npm run build
 *
 * The folder `dist` keeps the paths of the modules, and gets `dist/exports/NAME.js` for each plugin, since a plugin is
 * either a file or a folder.
 */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, parse } from 'node:path'
import { digestOf } from '../src/storage/migration-files.ts'

const ROOT = join(import.meta.dirname, '..')
const TARGET = join(ROOT, 'dist')

const find = (pattern: string) => globSync(pattern, { cwd: ROOT })

rmSync(TARGET, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['--project', join(import.meta.dirname, 'tsconfig.package.json')],
  ],
  { stdio: 'inherit' },
)
// The database records the digest of a migration's source, which differs from the digest of the compiled code.
for (const file of find('{plugins,routes}/*/migrations/*.ts')) {
  const compiled = join(TARGET, file.replace(/\.ts$/, '.js'))
  appendFileSync(compiled, `export const digest = '${digestOf(join(ROOT, file))}'\n`)
}
for (const file of find('plugins/**/assets/*')) cpSync(join(ROOT, file), join(TARGET, file))
const { name, version, type, engines } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)
const manifest = JSON.stringify({ name, version, type, engines }) // the members that the service reads
writeFileSync(join(TARGET, 'package.json'), manifest)
mkdirSync(join(TARGET, 'exports'))
for (const file of find('plugins/{*.ts,*/index.ts}')) {
  const module = parse(file)
  const plugin = module.name === 'index' ? parse(module.dir).name : module.name
  const path = JSON.stringify(`../${join(module.dir, module.name)}.js`)
  const code = `export * from ${path}\nexport { default } from ${path}\n`
  for (const extension of ['js', 'd.ts']) {
    writeFileSync(join(TARGET, 'exports', `${plugin}.${extension}`), code)
  }
}
