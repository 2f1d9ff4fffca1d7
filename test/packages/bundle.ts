// Bundles the packages of preload.ts, unless there are bundles of these versions. `npm test` runs this first.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { FOLDER, PACKAGES, ROOT } from './preload.ts'

/** Returns all that can be imported of a package: two copies of a module would not share their state. */
function importsOf(name: string): string[] {
  const path = join(ROOT, 'node_modules', name, 'package.json')
  const { exports } = JSON.parse(readFileSync(path, 'utf8'))
  return Object.keys(exports).map((subpath) => join(name, subpath))
}

if (!existsSync(FOLDER)) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: PACKAGES.flatMap(importsOf).map((name) => ({ in: name, out: name })),
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // one copy of what several entry points share
    format: 'esm',
    platform: 'node',
  })
}
