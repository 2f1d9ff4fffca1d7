// Entry point. Plain JavaScript, so that a Node without TypeScript support can load it and report its version.
import { readFileSync } from 'node:fs'
import * as modules from 'node:module' // an old Node lacks the named export enableCompileCache
import { fileURLToPath } from 'node:url'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const [requiredMajor, requiredMinor] = engines.node.match(/\d+/g).map(Number)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < requiredMajor || (major === requiredMajor && minor < requiredMinor)) {
  console.error(
    `restful-web-api needs Node ${engines.node}, but this is ${process.version}: run "npm ci", ` +
      'which installs it, and then "npm start"',
  )
  process.exitCode = 1
} else {
  // Not in a shared folder such as /tmp, since cached code is executed. NODE_COMPILE_CACHE overrides the folder.
  modules.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
  )
  await import('./server.ts')
}
