import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DEPLOYED } from './deployed.ts'
import type { Command } from './process.ts'
import { findPlugins } from './without.ts'

export interface Server extends Command {
  name: string
  title: string
  /** Requirement that `npm ci` in the project does not install. */
  needs?: 'packages' | 'python'
}

/** Rate limit, in requests per minute. No run reaches it, so requests are counted but never refused. */
export const NO_LIMIT = '1000000000'

const inBench = (path: string) => join(import.meta.dirname, path)

/** File name of the database; each server has a copy in its folder. */
export const DATABASE = 'api.db'

/** Returns the command of this service, as bundled by `deploy`, with its production configuration. */
export function service(
  name: string,
  title: string,
  environment: Record<string, string> = {},
): Server {
  return {
    name,
    title,
    command: [process.execPath, join(DEPLOYED, 'bench/service.ts')],
    environment: (port, folder) => ({
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, DATABASE)}`,
      RATE_LIMIT: NO_LIMIT,
      LOG_FILE: join(folder, 'access.log'),
      ...environment,
    }),
  }
}

function comparedServer(
  name: string,
  title: string,
  command: string[],
  needs?: Server['needs'],
): Server {
  return {
    name,
    title,
    command,
    ...(needs && { needs }),
    environment: (port, folder) => ({
      PORT: String(port),
      GUNICORN_CMD_ARGS: `--bind 127.0.0.1:${port}`,
      DATABASE: join(folder, DATABASE),
      // without this variable, some frameworks add details to responses and logs
      NODE_ENV: 'production',
    }),
  }
}

function nodeServer(name: string, title: string, needs?: Server['needs']): Server {
  return comparedServer(name, title, [process.execPath, inBench(`frameworks/${name}.js`)], needs)
}

/** Python for which Debian's packages of Flask and gunicorn are installed. */
export const DEBIAN_PYTHON = '/usr/bin/python3'

/** Runs gunicorn with one worker and an access log. The worker has threads, since gunicorn does not keep connections alive without threads. */
const GUNICORN = [
  ...['gunicorn', '--chdir', inBench('frameworks'), '--workers', '1', '--worker-class', 'gthread'],
  ...[
    '--threads',
    '4',
    '--keep-alive',
    '75',
    '--access-logfile',
    '-',
    '--log-level',
    'warning',
    'flask_app:app',
  ],
]

export const SERVERS: readonly Server[] = [
  service('service', 'this service, access log on'),
  service('service-no-log', 'this service, access log off', { LOG_LEVEL: 'warn' }),
  nodeServer('bare', 'Fastify, bare'),
  nodeServer('raw', 'node:http'),
  nodeServer('fastify-usual', 'Fastify, its usual plugins', 'packages'),
  nodeServer('express', 'Express 5, its usual stack', 'packages'),
  nodeServer('hono', 'Hono on Node', 'packages'),
  nodeServer('nest', 'NestJS on Fastify', 'packages'),
  comparedServer('flask', 'Flask under gunicorn', GUNICORN, 'python'),
]

/** Returns the command of the service without the hooks of a plugin. */
export function without(plugin: string): Server {
  return service(`without ${plugin}`, `without ${plugin}`, { WITHOUT: plugin })
}

/** Names of all plugins. */
export const PLUGINS = findPlugins(inBench('../plugins'))

/** Returns the missing requirement of a server and the command that installs it; undefined if nothing is missing. */
export function missingFor({ needs }: Server): string | undefined {
  if (needs === 'packages' && !existsSync(inBench('node_modules'))) {
    return 'its packages are not installed: npm ci --prefix bench'
  }
  if (needs !== 'python') return undefined
  const { status } = spawnSync(DEBIAN_PYTHON, ['-c', 'import flask, gunicorn'])
  return status === 0 ? undefined : 'it is not installed: apt-get install python3-flask gunicorn'
}
