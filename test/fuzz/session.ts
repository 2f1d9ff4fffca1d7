import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { createArticleStore } from '../../routes/articles/store.ts'
import { createMessageStore } from '../../routes/messages/store.ts'
import { createUserStore } from '../../routes/users/store.ts'
import { AUTHORIZATION } from '../app.ts'
import { type Body, goodContent } from './bodies.ts'
import { ETAG, KEY, MODIFIED } from './fields.ts'
import { contentOf, type Request } from './requests.ts'
import { creatorOf, type Route, type Service } from './service.ts'
import { CURSOR, NEW_ID } from './targets.ts'
import { ID } from './values.ts'

/** A request as it was sent, and what came of it. */
export interface Exchange {
  request: Request
  reply: LightMyRequestResponse
  /** The route that took the request; undefined where it was answered before any did. */
  route: Route | undefined
}

/** Sends a request as it is. */
export async function send(service: Service, request: Request): Promise<Exchange> {
  const { method, url, headers, body } = request
  service.taken = undefined
  service.failure = ''
  const payload = typeof body === 'object' ? Buffer.from(body) : body
  // any method may be sent, whatever the type says
  const reply = await service.app.inject({ method, url, headers, payload } as InjectOptions)
  const { taken, routes } = service
  const handled = method === 'HEAD' ? 'GET' : method
  const route = routes.find(({ url, methods }) => url === taken && methods.includes(handled))
  return { request, reply, route }
}

/** Gives a route something to work on, so that no request to it depends on those before. */
export async function openSession(service: Service, route: Route) {
  const creator = creatorOf(route, service.routes)
  const creation = creator && creationOf(creator, service.routes)
  let id: string | undefined
  let state = ''

  /** Makes the resource that requests name, as it has to be after each change. */
  async function prepare() {
    id = creation && (await create(service, creation))
    state = await stateOf(service)
  }

  await prepare()
  return {
    prepare,
    /** Sends a request with what it names filled in. */
    send: async (request: Request) => send(service, await fill(service, request, id)),
    /** Whether nothing has changed since all was prepared. */
    isUnchanged: async () => (await stateOf(service)) === state,
  }
}

/** A request that creates a resource, as a client does: each time the same. */
function creationOf(creator: Route, routes: Route[]): Request {
  const contents = goodContent(...contentOf(creator, routes))
  const isShort = ({ body }: { body: Body }) => body.length > 8 && body.length < 1_000
  const [content] = fc.sample(contents.filter(isShort), { seed: 1, numRuns: 1 })
  const headers = { authorization: AUTHORIZATION, ...content?.headers }
  return { method: 'POST', url: creator.url, ...content, headers }
}

/** Gives the id of what was created. */
async function create(service: Service, creation: Request): Promise<string> {
  const { reply } = await send(service, creation)
  assert.equal(reply.statusCode, 201, reply.body)
  return String(reply.headers.location).replace(/^.*\//, '')
}

/** The newest of each kind is looked at: what a session works on is one, and so is what is created. */
const NEWEST = { limit: 1, field: 'id', isDescending: true, from: undefined } as const

/** Tells states of what is stored from each other. */
async function stateOf({ app }: Service): Promise<string> {
  const lists = [
    app.store(createArticleStore).list(NEWEST),
    app.store(createMessageStore).list(NEWEST),
    app.store(createUserStore).list(NEWEST),
  ]
  return JSON.stringify(await Promise.all<unknown>(lists))
}

/** Counts what has to be new. */
let count = 0

/** The first of the new ids, which go downwards: those that are counted go on from the largest. */
const LARGEST_NEW_ID = 10 ** 9

/** Puts what there is in the place of what stands for it. */
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
