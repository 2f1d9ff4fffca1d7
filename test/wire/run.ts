import { type AddressInfo, createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { converseOn, differences, type WireCase } from './case.ts'
import type { Conversation } from './client.ts'
import { TABLES, type Table } from './tables.ts'

/** Conversations at a time: most of one is waiting for what should not come. */
const ABREAST = 24

/** How long others are waited for that need not do what is expected, in milliseconds. */
export const PATIENCE = 1_000

/** A case with what came of it. */
export interface Outcome {
  wireCase: WireCase
  conversation: Conversation
  /** In what the conversation is not as expected. */
  problems: string[]
}

/** Holds all the conversations with the server at a port. */
export async function runAll(
  cases: readonly WireCase[],
  port: number,
  patience?: number,
): Promise<Outcome[]> {
  const left = [...cases.entries()]
  const outcomes: Outcome[] = []
  await Promise.all(
    Array.from({ length: ABREAST }, async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [index, wireCase] = next
        const conversation = await converseOn(port, wireCase, patience)
        const problems = differences(wireCase, conversation)
        outcomes[index] = { wireCase, conversation, problems }
      }
    }),
  )
  return outcomes
}

/** Holds the conversations of each table with an app of its own: what one leaves, no other finds. */
export async function runTables(
  build: (table: Table) => FastifyInstance | Promise<FastifyInstance>,
  patience?: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const table of TABLES) {
    const app = await build(table)
    await app.listen({ host: '127.0.0.1', port: 0 })
    outcomes.push(...(await runAll(table.cases, portOf(app.server), patience)))
    await app.close()
  }
  return outcomes
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port // on TCP
}

/** A server that answers whatever comes, and as often as something comes, with an empty 200. */
export function createYesSayer(): Server {
  return createServer((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    socket.on('error', () => {}) // its clients leave when they have seen enough
  })
}
