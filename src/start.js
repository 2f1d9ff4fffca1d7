// The one file in plain JavaScript: it must load on a Node that knows no TypeScript, to say so.
import { readFileSync } from 'node:fs'

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
  await import('./server.ts')
}
