import { type AddressInfo, createServer, type Server } from 'node:net'
import { converseOn, differences, type WireCase } from './case.ts'
import type { Conversation } from './client.ts'

/** Conversations at a time: most of one is waiting for what should not come. */
const ABREAST = 24

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
