import { type AddressInfo, createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { differences, runCase, type WireCase } from './case.ts'
import type { Conversation } from './client.ts'
import { TABLES, type Table } from './tables.ts'

/** Number of cases that run at the same time. It is high, because most of the time a case only waits for bytes. */
const CONCURRENCY = 24

/** Time limit for servers that may never send the expected responses, in milliseconds. */
export const OTHER_SERVER_TIMEOUT_MS = 1_000

/** A case with its result. */
export interface Outcome {
  wireCase: WireCase
  conversation: Conversation
  /** Differences from the expected responses. */
  problems: string[]
}

/** Runs the cases against the server on a port. */
export async function runAll(
  cases: readonly WireCase[],
  port: number,
  timeoutMs?: number,
): Promise<Outcome[]> {
  const left = [...cases.entries()]
  const outcomes: Outcome[] = []
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [index, wireCase] = next
        const conversation = await runCase(port, wireCase, timeoutMs)
        const problems = differences(wireCase, conversation)
        outcomes[index] = { wireCase, conversation, problems }
      }
    }),
  )
  return outcomes
}

/**
 * Runs the tables one after the other, with one app per environment. Each case writes to resources of its own, so
 * the results do not depend on the order.
 */
export async function runTables(
  build: (environment: Table['environment']) => FastifyInstance | Promise<FastifyInstance>,
  timeoutMs?: number,
): Promise<Outcome[]> {
  const outcomes = new Map<Table, Outcome[]>()
  const groups = Map.groupBy(TABLES, ({ environment }) => environment)
  for (const [environment, tables] of groups) {
    const app = await build(environment)
    await app.listen({ host: '127.0.0.1', port: 0 })
    for (const table of tables) {
      outcomes.set(table, await runAll(table.cases, portOf(app.server), timeoutMs))
    }
    await app.close()
  }
  return TABLES.flatMap((table) => outcomes.get(table) ?? [])
}

/** Returns the port of a listening server. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port // the address of a TCP server is an object
}

/** Creates a server that answers any bytes with an empty 200. */
export function createAlwaysOkServer(): Server {
  return createServer((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    socket.on('error', () => {}) // clients may reset the connection
  })
}
