/** A request to measure, and the expected response. */
export interface Work {
  name: string
  title: string
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
  status: number
  /** Text that the body of every response contains. */
  contains: string
  /** Number of connections, if it is not that of the other works. */
  connections?: number
  /** Requests of a slice of `--check`, if it is not that of the other works. */
  slice?: number
  /** Servers that do it, if not all of them do. */
  only?: readonly string[]
}

const JSON_ONLY = { accept: 'application/json' }
const CREDENTIALS = { authorization: `Basic ${btoa('admin:secret')}` }

/** An article as a client sends it. */
const DRAFT = {
  title: 'What a request costs',
  body: 'The time of the processor that it takes, from the first octet to the last.',
  author: 'Luis',
}

/** Servers that also store posted articles. */
const STORED_BY = ['service', 'bare']

/** The same works for every server; those that all servers do come first. */
export const WORKS: readonly Work[] = [
  {
    name: 'greeting',
    title: 'greeting with a query parameter',
    method: 'GET',
    path: '/hello?name=Luis',
    status: 200,
    contains: 'Hello Luis',
  },
  {
    name: 'json',
    title: 'small JSON document',
    method: 'GET',
    path: '/hello',
    headers: JSON_ONLY,
    status: 200,
    contains: '{"hello":"world","number":3}',
  },
  {
    name: 'post',
    title: 'validated JSON POST',
    method: 'POST',
    path: '/drafts',
    headers: { ...JSON_ONLY, 'content-type': 'application/json' },
    body: JSON.stringify(DRAFT),
    status: 200,
    contains: `"title":"${DRAFT.title}"`,
  },
  {
    name: 'row',
    title: 'one row from SQLite by id',
    method: 'GET',
    path: '/articles/123',
    headers: JSON_ONLY,
    status: 200,
    contains: '"id":123,"title":',
  },
  {
    name: 'page',
    title: 'page of 20 rows',
    method: 'GET',
    path: '/articles',
    headers: JSON_ONLY,
    status: 200,
    contains: '{"items":[{"id":123,"title":',
  },
  {
    name: '404',
    title: '404',
    method: 'GET',
    path: '/nothing',
    headers: JSON_ONLY,
    status: 404,
    contains: '404',
  },
  {
    name: 'auth',
    title: 'authenticated request (Basic)',
    method: 'GET',
    path: '/secrets',
    headers: { ...JSON_ONLY, ...CREDENTIALS },
    status: 200,
    contains: 'Shhh this is top secret spy stuff!',
  },
  {
    name: 'memory',
    title: 'the same row from memory',
    method: 'GET',
    path: '/memory/123',
    headers: JSON_ONLY,
    status: 200,
    contains: '"id":123,"title":',
    only: ['service'],
  },
  ...[64, 1].map((connections) => ({
    name: `create${connections}`,
    title: `row written by POST, ${connections} at a time`,
    method: 'POST' as const,
    path: '/articles',
    headers: { ...JSON_ONLY, ...CREDENTIALS, 'content-type': 'application/json' },
    body: JSON.stringify(DRAFT),
    status: 201,
    contains: '"id":',
    connections,
    only: STORED_BY,
  })),
]

/** Returns the items with these names, or all if there are none. @throws {Error} for an unknown name. */
export function choose<Named extends { name: string }>(
  all: readonly Named[],
  names: readonly string[],
): readonly Named[] {
  const wrong = names.find((name) => !all.some((each) => each.name === name))
  if (wrong) {
    throw new Error(`there is no ${wrong}; known names: ${all.map(({ name }) => name).join(', ')}`)
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
}
