import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { json as readJson } from 'node:stream/consumers'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  /** The document, where there is one. */
  body: unknown
  /** How long the answer took, in milliseconds. */
  took: number
}

/** Sends one request, and gives the answer; rejects where the connection is lost before all of it came. */
export type Send = (
  method: string,
  path: string,
  options?: { headers?: OutgoingHttpHeaders; body?: unknown },
) => Promise<Reply>

/** A client with one connection that stays open. It sends nothing twice of its own accord. */
export interface Client {
  send: Send
  close(): void
}

/** Time enough for any answer, in milliseconds: a request that hangs is to fail its test, not to stop it. */
const PATIENCE = 20_000

export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (method, path, { headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const started = performance.now()
        const outgoing = request(
          new URL(path, url),
          {
            agent,
            method,
            headers: { ...FIELDS, ...(body !== undefined && JSON_BODY), ...headers },
            signal: AbortSignal.timeout(PATIENCE),
          },
          async (incoming) => {
            try {
              const isEmpty = incoming.headers['content-type'] === undefined
              const document = isEmpty ? incoming.resume() && undefined : await readJson(incoming)
              resolve({
                status: Number(incoming.statusCode),
                headers: incoming.headers,
                body: document,
                took: performance.now() - started,
              })
            } catch (error) {
              reject(error)
            }
          },
        )
        outgoing.on('error', reject)
        outgoing.end(body === undefined ? undefined : JSON.stringify(body))
      }),
    close: () => agent.destroy(),
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

const FIELDS = { accept: 'application/json', authorization: 'Bearer secret-token' }
