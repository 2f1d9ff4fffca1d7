import { join } from 'node:path'
import type { Command } from './process.ts'

export interface Server extends Command {
  name: string
  title: string
}

/** More than any run makes, so that limits are counted and nobody is refused. */
const NO_LIMIT = '1000000000'

const inBench = (path: string) => join(import.meta.dirname, path)

/** A database with the rows, for each server to have a copy of its own (see `seed.ts`). */
const DATABASE = 'api.db'

/** This service, in the configuration of production. */
export function service(name: string, title: string, environment: Record<string, string>): Server {
  return {
    name,
    title,
    command: [process.execPath, inBench('service.ts')],
    environment: (port, folder) => ({
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(folder, DATABASE)}`,
      RATE_LIMIT: NO_LIMIT,
      LOG_FILE: join(folder, 'access.log'),
      ...environment,
    }),
  }
}

function peer(name: string, title: string, ...command: string[]): Server {
  return {
    name,
    title,
    command,
    environment: (port, folder) => ({
      PORT: String(port),
      DATABASE: join(folder, DATABASE),
      // what some of them leave out of answers and logs otherwise
      NODE_ENV: 'production',
    }),
  }
}

function nodePeer(name: string, title: string): Server {
  return peer(name, title, process.execPath, inBench(`peers/${name}.js`))
}

export const SERVERS: readonly Server[] = [
  service('service', 'this service, access log on', {}),
  service('service-no-log', 'this service, access log off', { LOG_LEVEL: 'warn' }),
  nodePeer('bare', 'Fastify, bare'),
  nodePeer('raw', 'node:http'),
]
