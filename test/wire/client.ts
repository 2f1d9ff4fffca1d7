import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A response, parsed from the bytes of a connection. */
export interface WireResponse {
  status: number
  /** Header fields by name in lower case. Repeated fields are joined (RFC 9110 §5.3). */
  headers: Record<string, string>
  body: Buffer
}

/** Everything received on a connection. */
export interface Conversation {
  responses: WireResponse[]
  /** True if the server closed the connection. */
  isClosed: boolean
  /** Bytes after the last complete response. */
  rest: string
}

/** A response counts as finished if the server sends no more bytes for this time, in milliseconds. */
const QUIET_MS = 150

/** Time limit for the expected responses, in milliseconds. */
const RESPONSE_TIMEOUT_MS = 5_000

/**
 * Sends bytes on a new connection and parses the responses. The bytes need not be valid requests.
 *
 * @param pieces bytes; each element is sent after the responses to the elements before it
 * @param expected number of responses to wait for, and whether the server must close the connection. The
 * function then waits QUIET_MS for unexpected bytes.
 */
export async function converse(
  port: number,
  pieces: readonly (string | Buffer)[],
  expected: { responses: number; isClosed: boolean },
  timeoutMs = RESPONSE_TIMEOUT_MS,
): Promise<Conversation> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false })
  const received: Buffer[] = []
  let isClosed = false
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  socket.on('error', () => {}) // the event 'close' follows a reset
  socket.once('close', () => {
    isClosed = true
  })
  await once(socket, 'connect')
  const methods = pieces.flatMap((piece) => methodsIn(piece))
  const read = () => ({ ...parseResponses(Buffer.concat(received), methods), isClosed })

  for (const [index, piece] of pieces.entries()) {
    socket.write(toBytes(piece))
    if (index < pieces.length - 1) await settle(socket, timeoutMs, () => received.length > 0)
  }
  await settle(socket, timeoutMs, () => {
    const { responses } = read()
    const isClosing = responses.at(-1)?.headers.connection === 'close'
    return expected.isClosed || isClosing ? isClosed : responses.length >= expected.responses
  })
  const conversation = read()
  socket.destroy()
  return conversation
}

/** Waits until the condition is true and the server sends nothing more. */
async function settle(socket: Socket, timeoutMs: number, isDone: () => boolean) {
  const end = Date.now() + timeoutMs
  let last = Date.now()
  const touch = () => {
    last = Date.now()
  }
  socket.on('data', touch)
  while (!socket.closed && Date.now() < end && !(isDone() && Date.now() - last >= QUIET_MS)) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.off('data', touch)
}

/** Converts text to bytes. Each character is one byte. */
function toBytes(piece: string | Buffer): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
}

/** Returns the methods of the requests. The parser of the responses needs them, since a response to HEAD has no content. */
function methodsIn(piece: string | Buffer): string[] {
  return [...piece.toString('latin1').matchAll(/^(\S+) \S+ HTTP\/\d/gm)].map(
    ([, method]) => method ?? '',
  )
}

function parseResponses(
  bytes: Buffer,
  methods: string[],
): { responses: WireResponse[]; rest: string } {
  const responses: WireResponse[] = []
  let rest = bytes
  let answered = 0
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0 || !rest.subarray(0, 5).equals(Buffer.from('HTTP/'))) break
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    const headers = parseFields(lines)
    const isEmpty = status < 200 || status === 204 || status === 304 || methods[answered] === 'HEAD'
    const content = isEmpty
      ? { body: Buffer.alloc(0), length: 0 }
      : readContent(headers, rest.subarray(end + 4))
    if (!content) break
    responses.push({ status, headers, body: content.body })
    rest = rest.subarray(end + 4 + content.length)
    if (status >= 200) answered += 1
  }
  return { responses, rest: rest.toString('latin1') }
}

function parseFields(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

/** Returns the content of a response and its length in bytes, or undefined if the content is incomplete. */
function readContent(headers: Record<string, string>, bytes: Buffer) {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes)
  const length = Number(headers['content-length'] ?? bytes.length)
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length), length }
}

function readChunks(bytes: Buffer) {
  const chunks: Buffer[] = []
  let position = 0
  for (;;) {
    const line = bytes.indexOf('\r\n', position)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.subarray(position, line).toString('latin1'), 16)
    const end = line + 2 + size + 2
    if (bytes.length < end) return undefined
    if (size === 0) return { body: Buffer.concat(chunks), length: end }
    chunks.push(bytes.subarray(line + 2, line + 2 + size))
    position = end
  }
}
