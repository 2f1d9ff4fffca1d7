/** A request that the benchmarks send repeatedly, and the expected response. */
export interface Workload {
  name: string
  title: string
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
  status: number
  /** Text that the body of every response contains. */
  contains: string
  /** Number of connections, if it differs from the default. */
  connections?: number
  /** Requests per slice of `--check`, if the number differs from the default. */
  slice?: number
  /** Names of the servers that support the workload; all servers if undefined. */
  only?: readonly string[]
}

const JSON_ONLY = { accept: 'application/json' }
const CREDENTIALS = { authorization: `Basic ${btoa('admin:secret')}` }

/** Body of a request that posts an article. */
const DRAFT = {
  title: 'What a request costs',
  body: 'The CPU time that the server takes, from the first byte to the last.',
  author: 'Luis',
}

/** Names of the servers that store posted articles. */
const STORED_BY = ['service', 'bare']

/** Workloads of all servers; those that every server supports come first. */
export const WORKLOADS: readonly Workload[] = [
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
    title: 'one row by id',
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
    title: 'one row from memory by id',
    method: 'GET',
    path: '/memory/123',
    headers: JSON_ONLY,
    status: 200,
    contains: '"id":123,"title":',
    only: ['service'],
  },
  ...[64, 1].map((connections) => ({
    name: `create${connections}`,
    title: `row written by POST, ${connections === 1 ? '1 client' : `${connections} clients`}`,
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

/** Returns the items with these names, or all items if `names` is empty. @throws {Error} for an unknown name. */
export function choose<Named extends { name: string }>(
  all: readonly Named[],
  names: readonly string[],
): readonly Named[] {
  const wrong = names.find((name) => !all.some((each) => each.name === name))
  if (wrong) {
    throw new Error(`unknown name ${wrong}; known names: ${all.map(({ name }) => name).join(', ')}`)
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
}
