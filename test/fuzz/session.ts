import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Kysely, sql } from 'kysely'
import type { Table } from '../../src/storage/engines/catalogue.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { AUTHORIZATION } from '../app.ts'
import { type Body, goodContent } from './bodies.ts'
import { ETAG, KEY, MODIFIED } from './fields.ts'
import { contentOf, type Request } from './requests.ts'
import { creatorOf, type Route, type Service } from './service.ts'
import { CURSOR, NEW_ID } from './targets.ts'
import { ID } from './values.ts'

/** A request, with placeholders replaced, and its response. */
export interface Exchange {
  request: Request
  reply: LightMyRequestResponse
  /** Route that handled the request; undefined if a plugin responded before. */
  route: Route | undefined
}

/** Sends a request unchanged. */
export async function send(service: Service, request: Request): Promise<Exchange> {
  const { method, url, headers, body } = request
  service.routedTo = undefined
  service.failure = ''
  const payload = typeof body === 'object' ? Buffer.from(body) : body
  // The types of inject() list only common methods.
  const reply = await service.app.inject({ method, url, headers, payload } as InjectOptions)
  const { routedTo, routes } = service
  const handled = method === 'HEAD' ? 'GET' : method
  const route = routes.find(({ url, methods }) => url === routedTo && methods.includes(handled))
  return { request, reply, route }
}

/** Creates the resource that requests to a route refer to, so that no request depends on earlier requests. */
export async function openSession(service: Service, route: Route) {
  const creator = creatorOf(route, service.routes)
  const creation = creator && creationOf(creator, service.routes)
  const tables = await listTables(service)
  let id: string | undefined
  let state = ''

  /** Creates a new resource for the requests. Must be called after each request that changes the database. */
  async function prepare() {
    id = creation && (await create(service, creation))
    state = await stateOf(service, tables)
  }

  await prepare()
  return {
    prepare,
    /** Sends a request with its placeholders replaced. */
    send: async (request: Request) => send(service, await fill(service, request, id)),
    /** True if the database has not changed since the resource was created. */
    isUnchanged: async () => (await stateOf(service, tables)) === state,
  }
}

/** Returns a valid request that creates a resource. Every call returns the same request. */
function creationOf(creator: Route, routes: Route[]): Request {
  const contents = goodContent(...contentOf(creator, routes))
  const isShort = ({ body }: { body: Body }) => body.length > 8 && body.length < 1_000
  const [content] = fc.sample(contents.filter(isShort), { seed: 1, numRuns: 1 })
  const headers = { authorization: AUTHORIZATION, ...content?.headers }
  return { method: 'POST', url: creator.url, ...content, headers }
}

/** Sends the request, and returns the id of the created resource. */
async function create(service: Service, creation: Request): Promise<string> {
  const { reply } = await send(service, creation)
  assert.equal(reply.statusCode, 201, reply.body)
  return String(reply.headers.location).replace(/^.*\//, '')
}

function listTables({ app }: Service): Promise<Table[]> {
  return app.store(
    ({ dialect, reader }) =>
      () =>
        dialect.catalogue.listTables(reader),
  )()
}

/**
 * Returns the newest row of each table as a text. Any change of the database changes this text, because a session
 * changes only the newest row or adds a newer one.
 */
function stateOf({ app }: Service, tables: Table[]): Promise<string> {
  return app.store(({ reader }) => async () => {
    const rows = await Promise.all(tables.map((table) => readNewest(reader, table)))
    return JSON.stringify(rows, (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    )
  })()
}

/**
 * Returns the row with the largest id. For a table without an id, returns the number of rows, because other keys are
 * not in the order of creation.
 */
async function readNewest(reader: Kysely<Schema>, { name, key }: Table): Promise<unknown> {
  const query = key.includes('id')
    ? sql`select * from ${sql.table(name)} order by id desc limit 1`
    : sql`select count(*) as count from ${sql.table(name)}`
  return (await query.execute(reader)).rows
}

/** Counter that makes ids and keys unique. */
let count = 0

/**
 * New ids count down from this number, so that they are never ids of existing resources: the database only generates
 * ids above the largest existing id.
 */
const LARGEST_NEW_ID = 10 ** 9

/** Replaces the placeholders of a request with current values. */
async function fill(service: Service, generated: Request, id = ''): Promise<Request> {
  count++
  const named = generated.url.includes(NEW_ID) ? String(LARGEST_NEW_ID - count) : id
  const request = replaceIn(generated, { [ID]: named, [NEW_ID]: named, [KEY]: String(count) })
  if (!/\{(?:etag|modified|cursor)\}/.test(JSON.stringify([request.url, request.headers])))
    return request
  const { accept = '*/*', 'accept-encoding': codings = '' } = request.headers
  const { headers } = (
    await send(service, {
      method: 'GET',
      url: request.url.replace(/\b(?:after|before)=\{cursor\}&?/g, ''),
      headers: { accept, 'accept-encoding': codings },
    })
  ).reply
  return replaceIn(request, {
    [ETAG]: headers.etag ?? '"none"',
    [MODIFIED]: headers['last-modified'] ?? 'Thu, 01 Jan 1970 00:00:00 GMT',
    [CURSOR]: /after=([^>&]+)/.exec(String(headers.link))?.[1] ?? '',
  })
}

function replaceIn(
  { url, headers, body, ...rest }: Request,
  values: Record<string, string>,
): Request {
  const replace = (text: string) => text.replace(/\{\w+\}/g, (name) => values[name] ?? name)
  const fields = Object.entries(headers).map(([name, value]) => [name, replace(value)])
  const filled = { ...rest, url: replace(url), headers: Object.fromEntries(fields) }
  if (body === undefined) return filled
  return { ...filled, body: typeof body === 'string' ? replace(body) : body }
}
