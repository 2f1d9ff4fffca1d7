import type { Reply, Send } from './client.ts'

/** An article as a client sees it. */
interface State {
  text: string
  etag: string
}

export type Change = { method: 'POST' | 'PUT'; text: string } | { method: 'DELETE' }

/**
 * What one client knows of one article, which nobody else writes to. The service must agree with it
 * after whatever happened: what was acknowledged is so, and what was not is as before or as asked.
 */
export interface Entry {
  /** The Idempotency-Key of its creation, and its author: a second one would be found by it. */
  key: string
  /** Where it is, once its creation was acknowledged. */
  path?: string
  /** The text that it was created with. */
  first?: string
  /** What was acknowledged last; absent where there is no article. */
  known?: State | undefined
  /** A change that was sent, and of which no answer says whether it was made. */
  pending?: Change | undefined
}

/** The status that acknowledges a change, and the one that tells who asks again that it was made. */
const ANSWERS = {
  POST: { made: 201, wasMade: undefined }, // the key has the first answer repeated
  PUT: { made: 200, wasMade: 412 },
  DELETE: { made: 204, wasMade: 404 },
}

/**
 * Sends a change and notes what is known then. A lost connection, which it throws, and 503 leave it
 * pending; 507 says that it was not made.
 *
 * @throws {Error} for an answer that a change of one's own article cannot have.
 */
export async function attempt(send: Send, entry: Entry, change: Change): Promise<Reply> {
  entry.pending = change
  if (change.method === 'POST') entry.first = change.text
  const reply = await sendChange(send, entry, change)
  const { made } = ANSWERS[change.method]
  if (reply.status === made) {
    if (change.method === 'POST') entry.path = String(reply.headers.location)
    entry.known = change.method === 'DELETE' ? undefined : stateOf(change.text, reply)
  } else if (reply.status !== 507 && reply.status !== 503) {
    throw new Error(describe(entry, reply))
  }
  if (reply.status !== 503) entry.pending = undefined
  return reply
}

/**
 * Asks again for a pending change, as a client does that has to know: under the same key, or with the
 * same If-Match. Where the first was still on its way, the database has this one wait for it.
 */
export async function settle(send: Send, entry: Entry, change: Change): Promise<Reply> {
  const { made, wasMade } = ANSWERS[change.method]
  return attempt(sendOrLook, entry, change)

  async function sendOrLook(...request: Parameters<Send>) {
    const reply = await send(...request)
    if (reply.status !== wasMade) return reply
    const found = await send('GET', String(entry.path))
    if (isPendingMade(entry, found)) return { ...found, status: made }
    return found.status === 503 ? found : reply
  }
}

/** Reads an article whose creation was acknowledged, and gives what is wrong with it. */
export async function check(send: Send, entry: Entry): Promise<string[]> {
  const found = await send('GET', String(entry.path))
  const isExplained = isKnown(entry, found) || isPendingMade(entry, found)
  return isExplained ? [] : [describe(entry, found)]
}

function isKnown({ key, known }: Entry, found: Reply): boolean {
  if (!known) return found.status === 404
  return holds(found, key, known.text) && found.headers.etag === known.etag
}

function isPendingMade({ key, known, pending }: Entry, found: Reply): boolean {
  if (pending?.method === 'DELETE') return found.status === 404
  if (!pending || !known) return false
  return (
    holds(found, key, pending.text) && versionOf(found.headers.etag) === versionOf(known.etag) + 1
  )
}

function holds({ status, body }: Reply, key: string, text: string): boolean {
  const { title, body: content, author } = Object(body)
  return status === 200 && title === text && content === text && author === key
}

/** An entity tag begins with the version, which counts the changes; behind it is a random part. */
function versionOf(etag: string | undefined): number {
  return Number(/\d+/.exec(etag ?? '')?.[0])
}

function stateOf(text: string, reply: Reply): State {
  return { text, etag: String(reply.headers.etag) }
}

function sendChange(send: Send, entry: Entry, change: Change): Promise<Reply> {
  if (change.method === 'DELETE') {
    return send('DELETE', String(entry.path), { headers: { 'if-match': entry.known?.etag } })
  }
  const body = { title: change.text, body: change.text, author: entry.key }
  return change.method === 'POST'
    ? send('POST', '/articles', { headers: { 'idempotency-key': entry.key }, body })
    : send('PUT', String(entry.path), { headers: { 'if-match': entry.known?.etag }, body })
}

function describe(entry: Entry, { status, headers, body }: Reply): string {
  return JSON.stringify({ entry, status, etag: headers.etag, body })
}
