/** Real HTTP caches as processes of a test, each in front of a server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'
import { env } from '../nginx.ts'
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
export async function startNginxProxy(
  t: Test,
  origin: string,
  directives: string,
): Promise<string> {
  const port = await freePort()
  const folder = join(t.testdir(), 'nginx')
  mkdirSync(folder)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${name};`)
    .join(' ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    // as root, nginx would run its workers as a user who may not have access to the folder
    `user root; daemon off; pid pid; error_log stderr crit; events {}
http {
  access_log off; ${temporary}
  proxy_http_version 1.1; proxy_set_header Host $http_host;
  ${directives}
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass ${origin}; }
  }
}`,
  )
  return startProgram(t, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], port)
}

/** Starts a program, ends it with the test, and returns its URL when it responds. */
async function startProgram(
  t: Test,
  program: string,
  args: string[],
  port: number,
): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
  t.teardown(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(url, { method: 'OPTIONS' }).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(20)
  }
  return url
}
