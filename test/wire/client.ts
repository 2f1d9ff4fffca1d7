import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A reply, taken out of the octets of a connection. */
export interface Reply {
  status: number
  /** The fields by name in lower case; values of one name are joined (RFC 9110 §5.3). */
  headers: Record<string, string>
  body: Buffer
}

/** All that came back on a connection. */
export interface Conversation {
  replies: Reply[]
  /** Whether the server hung up. */
  isClosed: boolean
  /** Octets behind the replies that are none. */
  rest: string
}

/** How long nothing more may come until the server counts as done, in milliseconds. */
const QUIET = 150

/** The longest wait for what is expected, in milliseconds. */
const PATIENCE = 5_000

/**
 * Sends octets on a connection of their own and reads what comes back. It knows HTTP well enough to
 * take replies apart, and lets through whatever a request may not be.
 *
 * @param pieces octets; each but the first is sent when the server has answered to those before it.
 * @param expected how many replies to wait for, and whether the server is to hang up. Then it waits
 * some more, for what should not come.
 * @param patience the longest wait, in milliseconds.
 */
export async function converse(
  port: number,
  pieces: readonly (string | Buffer)[],
  expected: { replies: number; isClosed: boolean },
  patience = PATIENCE,
): Promise<Conversation> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false })
  const received: Buffer[] = []
  let isClosed = false
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  socket.on('error', () => {}) // a reset ends it like any other close
  socket.once('close', () => {
    isClosed = true
  })
  await once(socket, 'connect')
  const methods = pieces.flatMap((piece) => methodsIn(piece))
  const read = () => ({ ...parseReplies(Buffer.concat(received), methods), isClosed })

  for (const [index, piece] of pieces.entries()) {
    socket.write(asOctets(piece))
    if (index < pieces.length - 1) await settle(socket, patience, () => received.length > 0)
  }
  await settle(socket, patience, () => {
    const { replies } = read()
    const announced = replies.at(-1)?.headers.connection === 'close'
    return expected.isClosed || announced ? isClosed : replies.length >= expected.replies
  })
  const conversation = read()
  socket.destroy()
  return conversation
}

/** Waits until the condition holds and nothing more comes. */
async function settle(socket: Socket, patience: number, holds: () => boolean) {
  const end = Date.now() + patience
  let last = Date.now()
  const touch = () => {
    last = Date.now()
  }
  socket.on('data', touch)
  while (!socket.closed && Date.now() < end && !(holds() && Date.now() - last >= QUIET)) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  socket.off('data', touch)
}

/** One octet a character, so that a text can hold any. */
function asOctets(piece: string | Buffer): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
}

/** The methods of the requests, to know which replies have no content. */
function methodsIn(piece: string | Buffer): string[] {
  return [...piece.toString('latin1').matchAll(/^(\S+) \S+ HTTP\/\d/gm)].map(
    ([, method]) => method ?? '',
  )
}

function parseReplies(octets: Buffer, methods: string[]): { replies: Reply[]; rest: string } {
  const replies: Reply[] = []
  let rest = octets
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
    replies.push({ status, headers, body: content.body })
    rest = rest.subarray(end + 4 + content.length)
    if (status >= 200) answered += 1
  }
  return { replies, rest: rest.toString('latin1') }
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

/** The content of a reply and how many octets it takes up; undefined while some are missing. */
function readContent(headers: Record<string, string>, octets: Buffer) {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(octets)
  const length = Number(headers['content-length'] ?? octets.length)
  return octets.length < length ? undefined : { body: octets.subarray(0, length), length }
}

function readChunks(octets: Buffer) {
  const chunks: Buffer[] = []
  let position = 0
  for (;;) {
    const line = octets.indexOf('\r\n', position)
    if (line < 0) return undefined
    const size = Number.parseInt(octets.subarray(position, line).toString('latin1'), 16)
    const end = line + 2 + size + 2
    if (octets.length < end) return undefined
    if (size === 0) return { body: Buffer.concat(chunks), length: end }
    chunks.push(octets.subarray(line + 2, line + 2 + size))
    position = end
  }
}
