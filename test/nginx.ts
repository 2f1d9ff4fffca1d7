import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { configurationFor } from './deploy/nginx-configuration.ts'
import { freePort } from './free-port.ts'
import { SEARCH_PATH } from './requirement.ts'

/** Environment variables with a PATH that includes nginx. */
export const env = { PATH: SEARCH_PATH }

/** Writes the nginx configuration to the folder of the test, and returns the arguments for nginx. */
export function argumentsFor(t: Test, port: number, replicas: string[]): string[] {
  const directory = t.testdir()
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, configurationFor(port, replicas, directory))
  return ['-c', file, '-g', `daemon off; pid ${directory}/pid;`]
}

/** Starts nginx in front of three replicas (host:port), and returns the URL of nginx when nginx responds. */
export async function startNginx(t: Test, replicas: string[]): Promise<string> {
  const port = await freePort()
  const nginx = spawn('nginx', argumentsFor(t, port, replicas), { env, stdio: 'ignore' })
  t.teardown(async () => {
    nginx.kill()
    if (nginx.exitCode === null) await once(nginx, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    try {
      await fetch(url)
      return url
    } catch {
      await sleep(20)
    }
  }
}
