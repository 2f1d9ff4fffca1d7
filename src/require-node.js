/**
 * Ends the process with one line if this Node cannot run the service. Plain JavaScript, so that a Node without TypeScript
 * support can load it. Commands load it with `--import`.
 */
import { readFileSync } from 'node:fs'

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
    `restful-web-api needs Node ${engines.node}, but this is ${process.version}: run "npm ci --include=dev", ` +
      'which installs it for "npm start" and "npm run"',
  )
  process.exit(1)
}
