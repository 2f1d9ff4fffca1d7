/** Real HTTP caches as processes of a test, each in front of a server. */
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'
import { startNginxServer } from '../nginx.ts'
import { startProgram } from '../program.ts'
import type { Program } from '../requirement.ts'

interface Cache {
  name: string
  program: Program
  start: (t: Test, origin: string) => Promise<string>
}

/** Caches with their name, and functions that start them and return their URL. */
export const CACHES: readonly Cache[] = [
  { name: 'Varnish with its default VCL', program: 'varnish', start: startVarnish },
  {
    name: 'nginx with proxy_cache',
    program: 'nginx',
    start: (t, origin) => startNginxProxy(t, origin, STORE_EVERYTHING),
  },
]

/** Stores each response without a policy for ten minutes. */
const STORE_EVERYTHING = `
  proxy_cache_path cache keys_zone=all:1m;
  proxy_cache all;
  proxy_cache_valid any 10m;
  proxy_cache_revalidate on;`

async function startVarnish(t: Test, origin: string): Promise<string> {
  const port = await freePort()
  const { host } = new URL(origin)
  const listen = ['-a', `127.0.0.1:${port}`, '-T', 'none']
  const args = ['-F', '-j', 'none', '-n', t.testdir(), '-s', 'malloc,16m', '-b', host, ...listen]
  return startProgram(t, 'varnishd', args, port)
}

/**
 * Starts nginx as a reverse proxy of a server.
 *
 * @param directives further directives of the `http` block
 */
export function startNginxProxy(t: Test, origin: string, directives: string): Promise<string> {
  const http = `proxy_http_version 1.1; proxy_set_header Host $http_host; ${directives}`
  return startNginxServer(t, `location / { proxy_pass ${origin}; }`, http)
}
