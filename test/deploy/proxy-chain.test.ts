/** Two nginx in a row in front of the service, as docs/operations.md describes. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { build, createLog } from '../app.ts'
import '../fixtures/register.ts'
import { startNginxServer } from '../nginx.ts'
import { skipUnless } from '../requirement.ts'

const PASS = `
  proxy_set_header Host $http_host;`

/** The edge proxy, which terminates TLS. It replaces or appends the header fields of the client. */
const EDGES = {
  replaces: `${PASS}
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto https;`,
  appends: `${PASS}
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto "$http_x_forwarded_proto, HTTPS";`,
}

/** The proxy next to the service. It passes X-Forwarded-Proto on, or appends its own. */
const INNER = {
  'passes on': `${PASS}
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
  appends: `${PASS}
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto "$http_x_forwarded_proto, $scheme";`,
}

const CLIENT = '127.0.0.2'

const FORGED = {
  'x-forwarded-for': '192.0.2.1',
  'x-forwarded-proto': 'http',
  'x-forwarded-host': 'evil.example',
}

/** Sends a request from the address of the client, and returns the body of the response. */
function get(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { localAddress: CLIENT, headers: { host: 'api.example', ...headers } })
      .on('response', (response) => resolve(text(response)))
      .on('error', reject)
      .end()
  })
}

const skip = skipUnless('nginx')

for (const [edge, edgeFields] of Object.entries(EDGES)) {
  for (const [inner, innerFields] of Object.entries(INNER)) {
    if (edge === 'appends' && inner === 'passes on') continue // docs/operations.md excludes this
    t.test(`the edge ${edge}, and the inner proxy ${inner}`, { skip }, async (t) => {
      const log = createLog()
      const app = await build(t, { TRUST_PROXY: '127.0.0.1' }, { logDestination: log })
      const service = await app.listen({ host: '127.0.0.1', port: 0 })
      const second = await startNginxServer(
        t,
        `location / { proxy_pass ${service}; ${innerFields} }`,
      )
      const first = await startNginxServer(t, `location / { proxy_pass ${second}; ${edgeFields} }`)
      for (const fields of [{}, FORGED]) {
        t.match(await get(`${first}/notes/4`, fields), '"Not Found: https://api.example/notes/4"')
      }
      const clients = log.lines.flatMap(({ client }) => client ?? [])
      t.same([...new Set(clients)], [CLIENT], 'the log has the address of the client')
    })
  }
}
