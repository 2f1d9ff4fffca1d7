import type { Reply, Send } from './client.ts'

/** State of a note in a response. */
interface State {
  text: string
  etag: string
}

/** Resource that the clients write. Its representation has title, body and author. */
export interface Resource {
  path: string
  table: string
}

/** The fixture resource that most tests write. */
export const NOTES: Resource = { path: '/notes', table: 'fixture_notes' }

export type Change = { method: 'POST' | 'PUT'; text: string } | { method: 'DELETE' }

/**
 * Record of the writes to a note. Only one client writes to each note. After any failure, acknowledged writes must
 * be stored, and a write without a response must be stored completely or not at all.
 */
export interface Entry {
  /** Idempotency-Key of the creation. It is also the author of the note, so that duplicates can be detected. */
  key: string
  /** Path of the collection; that of the fixture resource by default. */
  collection?: string
  /** Path of the note; undefined until the creation is acknowledged. */
  path?: string
  /** Text with which the note was created. */
  firstText?: string
  /** State after the latest acknowledged write; undefined if the note does not exist. */
  acknowledged?: State | undefined
  /** Change whose result is unknown, because no response arrived. */
  pending?: Change | undefined
  /** Number of acknowledged writes. */
  writes?: number
  /** True if the service has returned another state than the acknowledged one. */
  isLost?: boolean
}

/** Status that acknowledges a change, and status of a retry if the first attempt was successful. */
const STATUSES = {
  POST: { made: 201, wasMade: undefined }, // with the same Idempotency-Key, the service repeats the first response
  PUT: { made: 200, wasMade: 412 },
  DELETE: { made: 204, wasMade: 404 },
}

/**
 * Sends a change and records the result. The change stays pending after a 503, and after a lost connection, whose
 * error is thrown. After a 507, the change was not made.
 *
 * @throws {Error} for any other status, since no other client writes to the note
 */
export async function attempt(send: Send, entry: Entry, change: Change): Promise<Reply> {
  entry.pending = change
  if (change.method === 'POST') entry.firstText = change.text
  const reply = await sendChange(send, entry, change)
  const { made } = STATUSES[change.method]
  if (reply.status === made) {
    if (change.method === 'POST') entry.path = String(reply.headers.location)
    entry.acknowledged = change.method === 'DELETE' ? undefined : stateOf(change.text, reply)
    entry.writes = (entry.writes ?? 0) + 1
  } else if (reply.status !== 507 && reply.status !== 503) {
    throw new Error(describe(entry, reply))
  }
  if (reply.status !== 503) entry.pending = undefined
  return reply
}

/**
 * Retries a pending change with the same Idempotency-Key or If-Match. If the first attempt is still running,
 * the database makes the retry wait for it.
 */
export async function settle(send: Send, entry: Entry, change: Change): Promise<Reply> {
  const { made, wasMade } = STATUSES[change.method]
  return attempt(sendOrLook, entry, change)

  async function sendOrLook(...request: Parameters<Send>) {
    const reply = await send(...request)
    if (reply.status !== wasMade) return reply
    const found = await send('GET', String(entry.path))
    if (isPendingMade(entry, found)) return { ...found, status: made }
    return found.status === 503 ? found : reply
  }
}

/** Reads a created note, and returns a text for each difference from its record. */
export async function check(send: Send, entry: Entry): Promise<string[]> {
  const found = await send('GET', String(entry.path))
  const isExplained = isAcknowledged(entry, found) || isPendingMade(entry, found)
  if (isExplained) return []
  entry.isLost = true
  return [describe(entry, found)]
}

function isAcknowledged({ key, acknowledged }: Entry, found: Reply): boolean {
  if (!acknowledged) return found.status === 404
  return holds(found, key, acknowledged.text) && found.headers.etag === acknowledged.etag
}

function isPendingMade({ key, acknowledged, pending }: Entry, found: Reply): boolean {
  if (pending?.method === 'DELETE') return found.status === 404
  if (!pending || !acknowledged) return false
  return (
    holds(found, key, pending.text) &&
    versionOf(found.headers.etag) === versionOf(acknowledged.etag) + 1
  )
}

function holds({ status, body }: Reply, key: string, text: string): boolean {
  const { title, body: content, author } = Object(body)
  return status === 200 && title === text && content === text && author === key
}

/** Returns the version at the start of an ETag. Each change increases the version by one. */
function versionOf(etag: string | undefined): number {
  return Number(/\d+/.exec(etag ?? '')?.[0])
}

function stateOf(text: string, reply: Reply): State {
  return { text, etag: String(reply.headers.etag) }
}

function sendChange(send: Send, entry: Entry, change: Change): Promise<Reply> {
  if (change.method === 'DELETE') {
    return send('DELETE', String(entry.path), { headers: { 'if-match': entry.acknowledged?.etag } })
  }
  const body = { title: change.text, body: change.text, author: entry.key }
  return change.method === 'POST'
    ? send('POST', entry.collection ?? NOTES.path, {
        headers: { 'idempotency-key': entry.key },
        body,
      })
    : send('PUT', String(entry.path), { headers: { 'if-match': entry.acknowledged?.etag }, body })
}

function describe(entry: Entry, { status, headers, body }: Reply): string {
  return JSON.stringify({ entry, status, etag: headers.etag, body })
}
