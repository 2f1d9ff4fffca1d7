import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { AUTHORIZATION } from '../app.ts'

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  /** Parsed JSON; undefined if the response has no JSON. */
  body: unknown
  durationMs: number
}

/** Sends a request, and returns the response. Rejects if the connection is lost before the response is complete. */
export type Send = (
  method: string,
  path: string,
  options?: { headers?: OutgoingHttpHeaders; body?: unknown },
) => Promise<Reply>

/** A client with one keep-alive connection. It never retries a request by itself. */
export interface Client {
  send: Send
  close(): void
}

/** Time limit of a request, so that a request without a response makes the test fail. */
const TIMEOUT_MS = 20_000

export function createClient(url: string, localAddress?: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (method, path, { headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const started = performance.now()
        const outgoing = request(
          new URL(path, url),
          {
            agent,
            localAddress,
            method,
            headers: { ...HEADERS, ...(body !== undefined && JSON_BODY), ...headers },
            signal: AbortSignal.timeout(TIMEOUT_MS),
          },
          async (incoming) => {
            try {
              const isEmpty = incoming.headers['content-type'] === undefined
              const document = isEmpty ? incoming.resume() && undefined : await readJson(incoming)
              resolve({
                status: Number(incoming.statusCode),
                headers: incoming.headers,
                body: document,
                durationMs: performance.now() - started,
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

const HEADERS = { accept: 'application/json', authorization: AUTHORIZATION }
