import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { withoutRequestLimit } from '../deploy/nginx-configuration.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { startNginx } from '../nginx.ts'
import { FAST_START, type Server, startServer } from '../server.ts'

const REPLICAS = 3

/** Environment with long timeouts, because the machine may be under load and these tests do not measure time. */
const ENVIRONMENT = { ...FAST_START, DATABASE_TIMEOUT: '10000', REPLY_TIMEOUT: '30000' }

/** A replica behind nginx. `start` starts the replica again at the same address. */
export interface Replica {
  address: string
  server: Server
  start(): Promise<void>
}

/** Starts the replicas and nginx in front of them. `url` is the URL of nginx. */
export async function startReplicas(t: Test, environment: Record<string, string>) {
  const replicas: Replica[] = []
  for (let index = 0; index < REPLICAS; index++) {
    replicas.push(await startReplica(t, { ...ENVIRONMENT, ...environment }))
  }
  const addresses = replicas.map(({ address }) => address)
  return { replicas, url: await startNginx(t, addresses, withoutRequestLimit) }
}

async function startReplica(t: Test, environment: Record<string, string>): Promise<Replica> {
  const port = await freePort()
  const start = () => startServer(t, { ...environment, PORT: String(port) }, undefined, FIXTURES)
  const replica = {
    address: `127.0.0.1:${port}`,
    server: await start(),
    start: async () => {
      replica.server = await start()
      while ((await fetch(`${replica.server.url}/health/ready`)).status !== 200) await delay(20)
    },
  }
  return replica
}
