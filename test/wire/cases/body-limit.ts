import { request, type WireCase } from '../case.ts'
import { TEXT } from '../fields.ts'

const TOO_LARGE = 'RFC 9110 §15.5.14'

/** The default of the variable BODY_LIMIT, in bytes. */
const LIMIT_BYTES = 1_048_576

const OVER = {
  status: 413,
  message: `Content Too Large: the body is larger than ${LIMIT_BYTES} bytes`,
}

const CHUNKED = { ...TEXT, 'Transfer-Encoding': 'chunked' }

/** A body of the maximum size, in two chunks. */
const CHUNKS = `80000\r\n${'a'.repeat(LIMIT_BYTES / 2)}\r\n`.repeat(2)

/** The response consists of "POST: ", which is 6 bytes long, and the body of the request. */
const MIRRORED = { 'content-length': String(LIMIT_BYTES + 6) }

export const BODY_LIMIT: WireCase[] = [
  {
    section: TOO_LARGE,
    sent: 'a body of the maximum size',
    bytes: request('POST /mirror', TEXT, 'a'.repeat(LIMIT_BYTES)),
    statuses: [200],
    headers: MIRRORED,
  },
  {
    section: TOO_LARGE,
    sent: 'a chunked body of the maximum size',
    bytes: `${request('POST /mirror', CHUNKED)}${CHUNKS}0\r\n\r\n`,
    statuses: [200],
    headers: MIRRORED,
  },
  {
    section: TOO_LARGE,
    sent: 'a body one byte over the limit, then a request',
    bytes: request('POST /mirror', TEXT, 'a'.repeat(LIMIT_BYTES + 1)) + request('GET /'),
    statuses: [413],
    isClosed: true,
    headers: { connection: 'close' },
    body: OVER,
  },
  {
    section: TOO_LARGE,
    sent: 'a chunked body one byte over the limit',
    bytes: `${request('POST /mirror', CHUNKED)}${CHUNKS}1\r\na\r\n0\r\n\r\n`,
    statuses: [413],
    isClosed: true,
    headers: { connection: 'close' },
    body: OVER,
  },
  {
    section: TOO_LARGE,
    sent: 'a Content-Length one byte over the limit, without a body',
    bytes: request('POST /mirror', { ...TEXT, 'Content-Length': String(LIMIT_BYTES + 1) }),
    statuses: [413],
    isClosed: true,
    headers: { connection: 'close' },
    body: OVER,
  },
]
