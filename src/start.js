// Entry point. Plain JavaScript, so that a Node without TypeScript support can load it and report its version.
import { readFileSync } from 'node:fs'
import * as modules from 'node:module' // an old Node lacks the named export enableCompileCache
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const [major, minor, patch] = process.versions.node.split('.').map(Number)

// Each range is like ^24.18.1 or >=26.5.1.
const isSupported = engines.node.split(' || ').some((range) => {
  const [requiredMajor, requiredMinor, requiredPatch] = range.match(/\d+/g).map(Number)
  if (major !== requiredMajor) return range.startsWith('>=') && major > requiredMajor
  return minor > requiredMinor || (minor === requiredMinor && patch >= requiredPatch)
})

if (!isSupported) {
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
  // V8 would create objects of requests in the old generation, although they are short-lived.
  setFlagsFromString('--no-allocation-site-pretenuring')
  await import('./server.ts')
}
