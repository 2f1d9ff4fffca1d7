// Bundles the packages of preload.ts, unless bundles of these versions exist. `npm test` runs this script first.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { FOLDER, PACKAGES, ROOT } from './preload.ts'

/** Returns all entry points of a package. Without one of them, modules could also be loaded from outside the bundle. */
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
    splitting: true, // modules that several entry points share are bundled only once
    format: 'esm',
    platform: 'node',
  })
}
