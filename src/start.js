// The one file in plain JavaScript: it must load on a Node that knows no TypeScript, to say so.
import { readFileSync } from 'node:fs'
import * as modules from 'node:module' // an old one lacks what is taken from it
import { fileURLToPath } from 'node:url'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const [requiredMajor, requiredMinor] = engines.node.match(/\d+/g).map(Number)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < requiredMajor || (major === requiredMajor && minor < requiredMinor)) {
  console.error(
    `restful-web-api needs Node ${engines.node} and this is ${process.version}: ` +
      '"npm start" runs the one that "npm ci" installed',
  )
  process.exitCode = 1
} else {
  // where nobody else can write: what is in it is run. NODE_COMPILE_CACHE goes before this
  modules.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
  )
  await import('./server.ts')
}
