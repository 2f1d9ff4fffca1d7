import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A response, parsed from the bytes on a connection. */
export interface RawReply {
  status: number
  /** Header fields by name in lower case. */
  headers: Record<string, string>
  body: string
  /** All received bytes, as text. */
  text: string
}

/** Lets the app listen on a free loopback port, and connects to it from an address in 127.0.0.0/8. */
export async function connectTo(app: FastifyInstance, localAddress = '127.0.0.1'): Promise<Socket> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo // the address of a TCP server is an object
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  await once(socket, 'connect')
  return socket
}

/** Sends bytes on a new connection, and reads until the server closes it. */
export async function exchange(app: FastifyInstance, bytes: string | Buffer): Promise<RawReply> {
  const socket = await connectTo(app)
  const text = readAll(socket)
  socket.write(bytes)
  return parseReply(await text)
}

/** Reads until the connection is closed or reset. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString()
}

/** Parses the bytes of a connection. The body is everything after the first head. */
export function parseReply(text: string): RawReply {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [statusLine = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field): [string, string] => {
    const [name = '', ...value] = field.split(': ')
    return [name.toLowerCase(), value.join(': ')]
  })
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
    text,
  }
}
