import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { Counter } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { unavailable } from '../src/http/http-error.ts'
import { NEGOTIATED } from '../src/http/media-types.ts'
import { prepareProblem } from '../src/http/prepared-problem.ts'
import { reasonOf } from '../src/http/problem.ts'
import { requestId } from '../src/http/request-id.ts'
import { originForm } from '../src/http/request-target.ts'
import { createAdmission } from '../src/limits/admission.ts'
import { memoryInUse, memoryLimit } from '../src/limits/memory.ts'
import { corsFields, varyOf } from './cors.ts'

/**
 * Pressure: what the service cannot do in time it refuses at once, with 503 (RFC 9110 §15.6.4).
 *
 * That is what comes while requests wait for long, of which each turn of the event loop does MAX_DELAY, or
 * while more memory is in use than MAX_MEMORY; a burst waits for its turn. A refusal has to cost far less
 * than a request, or there would be no time left to serve any: it is given before Fastify sees the request,
 * from documents that are written already, and leaves no line in the log. Routes with
 * `config: { pressure: false }` are always served.
 */
export default fp(
  async (app) => {
    const { MAX_DELAY, MAX_MEMORY } = app.config
    const refuse = createRefusal(app, watchShedding(app))
    const memory = watchMemory(app, memoryLimit(MAX_MEMORY))
    const admit = createAdmission(MAX_DELAY || Number.POSITIVE_INFINITY)
    const probes = new Set<string>()

    gates.set(app.server, (request, response, handle) => {
      if (probes.has(pathOf(request))) {
        handle(request, response)
        return
      }
      if (memory.isOver) {
        refuse('memory', request, response)
        return
      }
      admit(
        () => {
          // its client may have left meanwhile
          if (request.socket.writable) handle(request, response)
        },
        () => refuse('delay', request, response),
      )
    })
    app.addHook('onRoute', ({ url, config }) => {
      if (config?.pressure === false) probes.add(url)
    })
    // who only is slow does what can be done: to send nothing here would leave the more to others
    app.addReadinessCheck('pressure', async () => !memory.isOver)
  },
  { name: 'pressure', dependencies: ['cors', 'metrics', 'readiness', 'shutdown'] },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for a route without parameters that has to be answered however much there is to do. */
    pressure?: false
  }
}

/** Has a request handled, now or soon, or answers it. */
type Gate = (request: IncomingMessage, response: ServerResponse, handle: RequestListener) => void

/** By the server that the requests come to. */
const gates = new WeakMap<Server, Gate>()

/** Has requests handled that there is time for, and the others refused. Without this plugin all are handled. */
export function whileThereIsTime(server: Server, handle: RequestListener): RequestListener {
  return (request, response) => {
    const gate = gates.get(server)
    if (gate) gate(request, response, handle)
    else handle(request, response)
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = originForm(url).split('?', 1)
  return path
}

/** What there is too much of. */
type Reason = 'delay' | 'memory'

/** How often it is looked how much memory is in use, in milliseconds. */
const SAMPLING_INTERVAL = 100

function watchMemory(app: FastifyInstance, limit: number) {
  const memory = { isOver: false }
  const timer = setInterval(() => {
    memory.isOver = memoryInUse() > limit
  }, SAMPLING_INTERVAL).unref()
  app.addHook('onClose', async () => clearInterval(timer))
  return memory
}

/** How long nothing was refused when it is over, in milliseconds. */
const CALM = 1_000

/** Gives what counts the refused. The log tells when that begins, and what it came to. */
function watchShedding(app: FastifyInstance) {
  const counter = new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests that were refused, since there was too much delay or memory in use',
    labelNames: ['reason'],
    registers: [app.metrics.registry],
  })
  let requests = 0
  let lastRequests = 0
  let timer: NodeJS.Timeout | undefined

  function endWhenCalm() {
    const isCalm = requests === lastRequests
    lastRequests = requests
    if (!isCalm) return
    app.log.info({ requests }, 'no longer shedding load')
    timer = void clearInterval(timer)
    requests = 0
    lastRequests = 0
  }
  app.addHook('onClose', async () => clearInterval(timer))
  return (reason: Reason) => {
    counter.inc({ reason })
    requests++
    if (timer) return
    timer = setInterval(endWhenCalm, CALM).unref()
    app.log.warn({ reason }, 'shedding load')
  }
}

/** Gives what answers a request with the document of this one error. */
function createRefusal(app: FastifyInstance, count: (reason: Reason) => void) {
  const { config } = app
  const { statusCode: status, detail, headers } = unavailable('there is too much to do')
  const vary = varyOf(config, NEGOTIATED.vary)
  const replyFor = prepareProblem({ status, detail }, { ...headers, vary })

  return (reason: Reason, request: IncomingMessage, response: ServerResponse) => {
    count(reason)
    const { accept, origin, 'x-request-id': id } = request.headers
    const { fields, body } = replyFor(accept)
    const others = {
      'x-request-id': requestId(id),
      ...corsFields(config, origin),
      ...((app.isClosing || isEndless(request, config.BODY_LIMIT)) && { connection: 'close' }),
    }
    const all = [...fields, ...Object.entries(others).flat()]
    response.writeHead(status, reasonOf(status), all).end(body)
  }
}

/** Whether there may be more of the body than would be read, were the request handled. */
function isEndless({ headers }: IncomingMessage, limit: number): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > limit
  )
}
