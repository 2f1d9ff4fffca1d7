/** Embeds the service with a resource in a folder of its own. Prints the statuses of some requests as JSON. */
import { join } from 'node:path'
import { buildApp, parseConfig, RESOURCES } from 'restful-web-api'

RESOURCES.push(join(import.meta.dirname, 'resources'))
const app = await buildApp(
  parseConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent', RATE_LIMIT: '4' }),
)
const statuses = {}
for (const [url, accept] of [
  ['/', 'text/html'],
  ['/greetings', '*/*'],
  ['/openapi.json', '*/*'],
  ['/nowhere', '*/*'],
  ['/greetings?limit', '*/*'],
]) {
  const { statusCode } = await app.inject({ url, headers: { accept } })
  statuses[`${url} ${accept}`] = statusCode
}
const { paths } = (await app.inject('/health/ready')).statusCode === 200 && app.swagger()
await app.close()
console.log(JSON.stringify({ statuses, hasPath: '/greetings' in paths }))
