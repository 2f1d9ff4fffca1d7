import fc from 'fast-check'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import type { Table } from '../../src/storage/engines/catalogue.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { AUTHORIZATION } from '../app.ts'
import { type Body, goodContent } from './bodies.ts'
import { ETAG, KEY, MODIFIED } from './fields.ts'
import { reportOf } from './report.ts'
import { contentOf, type Request } from './requests.ts'
import { buildService, type Parent, parentsOf, type Route, type Service } from './service.ts'
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

/**
 * Creates the resources that requests to a route refer to, parents first, so that no request depends on earlier
 * requests.
 */
export async function openSession(service: Service, route: Route) {
  const parents = parentsOf(route, service.routes)
  const tables = await listTables(service)
  let ids: Ids = {}
  let state = ''

  /** Creates other resources for the requests. Must be called after each request that changes the database. */
  async function prepare() {
    ids = {}
    for (const parent of parents) ids[`{${parent.name}}`] = await create(service, parent, ids)
    state = await stateOf(service, tables)
  }

  await prepare()
  return {
    prepare,
    /** Ids of the resources that were created last. */
    ids: () => ids,
    /** Sends a request with its placeholders replaced. */
    send: async (request: Request) => send(service, await fill(service, request, ids)),
    /** True if the database has not changed since the resource was created. */
    isUnchanged: async () => (await stateOf(service, tables)) === state,
  }
}

/** Ids of the resources in a path, by the placeholders of its parameters. The last one is that of the route. */
export type Ids = Record<string, string>

/** Builds the service, and creates the resources to which the examples of bodies refer (`x-references`), each once. */
export async function openService(t: Test): Promise<Service> {
  const service = await buildService(t)
  const created = new Set<string>()
  async function createFor({ schema }: Route) {
    const references = Object.values(schema.body?.properties ?? {})
    for (const path of references.flatMap((each) => each['x-references'] ?? [])) {
      const creator = service.routes.find(
        ({ url, methods }) => url === path && methods.includes('POST'),
      )
      if (!creator || created.has(path)) continue
      created.add(path)
      await createFor(creator)
      await create(service, { name: '', creator }, {})
    }
  }
  for (const route of service.routes) await createFor(route)
  return service
}

/** Maximum number of requests that try to create a resource: values may break a constraint. */
const MAX_ATTEMPTS = 50

/** Sends a valid request that creates a resource, and returns the id of the resource. */
async function create(service: Service, { creator }: Parent, ids: Ids): Promise<string> {
  let reply: Exchange['reply'] | undefined
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const creation = sampleOf(creator, service.routes, ids, count++)
    reply = (await send(service, creation)).reply
    if (reply.statusCode === 201) return String(reply.headers.location).replace(/^.*\//, '')
  }
  const problem = `POST ${creator.url} creates no resource for the tests: ${reply?.statusCode} ${reply?.body}`
  throw new Error(reportOf(problem, undefined, service.failure))
}

/** Returns a valid request to a route. Requests with the same seed are the same. */
export function sampleOf(route: Route, routes: Route[], ids: Ids, seed = 0): Request {
  const { url, methods, schema } = route
  const contents = goodContent(...contentOf(route, routes))
  const isShort = ({ body }: { body: Body }) => body.length > 8 && body.length < 1_000
  const [content] = schema.body
    ? fc.sample(contents.filter(isShort), { seed: seed + 1, numRuns: 1 })
    : []
  const condition = schema.response[428] && { 'if-match': '*' }
  const headers = { authorization: AUTHORIZATION, ...condition, ...content?.headers }
  const request = { method: String(methods[0]), url: url.replace(/:(\w+)/g, '{$1}'), headers }
  return replaceIn({ ...request, ...(content && { body: content.body }) }, ids)
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
async function fill(service: Service, generated: Request, ids: Ids): Promise<Request> {
  count++
  const id = Object.values(ids).at(-1) ?? ''
  const named = generated.url.includes(NEW_ID) ? String(LARGEST_NEW_ID - count) : id
  const request = replaceIn(generated, {
    ...ids,
    [ID]: named,
    [NEW_ID]: named,
    [KEY]: String(count),
  })
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
