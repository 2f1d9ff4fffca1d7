// Entry point. Plain JavaScript, so that a Node without TypeScript support can load it and report its version.
import './stop-signals.js'
import './require-node.js'
import './v8-settings.js'
import * as modules from 'node:module' // an old Node lacks the named export enableCompileCache
import { fileURLToPath } from 'node:url'

// Not in a shared folder such as /tmp, since cached code is executed. NODE_COMPILE_CACHE overrides the folder.
modules.enableCompileCache(
  fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)),
)
try {
  await import('./server.ts')
} catch (error) {
  const [missing] = /^Cannot find package '[^']+'/.exec(error.message) ?? []
  if (!missing) throw error
  console.error(`restful-web-api cannot start: ${missing}: run "npm ci"`)
  process.exitCode = 1
}
