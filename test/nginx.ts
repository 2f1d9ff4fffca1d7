import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { configurationFor, temporaryPaths } from './deploy/nginx-configuration.ts'
import { freePort } from './free-port.ts'
import { startProgram } from './program.ts'

/** Changes a configuration for a test. */
export type Adapt = (configuration: string) => string

/** Writes the nginx configuration to the folder of the test, and returns the arguments for nginx. */
export function argumentsFor(
  t: Test,
  port: number,
  replicas: string[],
  adapt: Adapt = (configuration) => configuration,
): string[] {
  const directory = t.testdir()
  return argumentsWith(directory, adapt(configurationFor(port, replicas, directory)))
}

/** Starts nginx in front of three replicas (host:port), and returns the URL of nginx when nginx listens. */
export async function startNginx(t: Test, replicas: string[], adapt?: Adapt): Promise<string> {
  const port = await freePort()
  return startProgram(t, 'nginx', argumentsFor(t, port, replicas, adapt), port)
}

/**
 * Starts nginx with one server, and returns its URL when nginx listens.
 *
 * @param server directives of the `server` block, without `listen`
 * @param http further directives of the `http` block
 */
export async function startNginxServer(t: Test, server: string, http = ''): Promise<string> {
  const port = await freePort()
  const directory = t.testdir()
  // Otherwise a root nginx runs its workers as another user, often without access to the folder.
  const configuration = `
user root;
events {}
http {
  access_log off;
  ${temporaryPaths(directory)}
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server}
  }
}`
  const args = argumentsWith(directory, configuration)
  return startProgram(t, 'nginx', ['-p', directory, ...args], port)
}

/** Writes a configuration to a folder, and returns the arguments with which nginx runs in the foreground. */
function argumentsWith(directory: string, configuration: string): string[] {
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, configuration)
  return ['-c', file, '-g', `daemon off; pid ${directory}/pid;`]
}
