/**
 * Hooks of the plugins: all hooks of a phase run as one Fastify hook, in the order of `hook-order.ts`. This costs
 * less than a Fastify hook for each plugin, and the order does not depend on the order of registration.
 *
 * `buildApp` calls `composeHooks` first, so that hooks added with `app.addHook` run after these hooks. On a plain
 * Fastify app, a plugin works without this call, since `addHook` of this file calls `composeHooks`.
 */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HOOK_ORDER, type Phase } from './hook-order.ts'
import { type RequestHook, runRequestHooks, runSendHooks, type SendHook } from './run-hooks.ts'

/** How a request ended. */
export interface RequestEnd {
  /** Status of the response, or of a refusal that was sent instead, such as 408; 499 if the client disconnected. */
  status: number
  /** Time since the arrival of the head. */
  durationMs: number
  /** True if the client disconnected before the response was sent. */
  isAborted: boolean
  reply: FastifyReply
}

interface Hooks {
  onRequest: RequestHook
  preParsing: RequestHook
  onSend: SendHook
  onRequestEnd: (request: FastifyRequest, end: RequestEnd) => void
  onErrorReply: (request: FastifyRequest, reply: FastifyReply) => void
  onFrameworkError: (request: FastifyRequest, reply: FastifyReply) => void
}

/** Hooks of a phase in the order in which they run; `names` has the same order. */
interface Chain<Hook> {
  names: string[]
  hooks: Hook[]
}

type Chains = { [P in Phase]: Chain<Hooks[P]> }

declare module 'fastify' {
  interface FastifyInstance {
    /** Set by `composeHooks`. Plugins do not change it, but call `addHook` of src/hooks.ts. */
    hookChains: Chains
  }
  interface FastifyRequest {
    /** Arrival of the head, in milliseconds of `performance.now()`. */
    arrivedAt: number
  }
}

declare module 'node:http' {
  interface ServerResponse {
    /** The reply whose response this is, from the onRequest hooks until the response was sent. */
    reply?: FastifyReply | undefined
  }
}

/** Status in the log and the metrics if the client disconnected, as in nginx. */
export const CLIENT_CLOSED_REQUEST = 499

/**
 * Adds a plugin's hook to a phase.
 *
 * @param name name in `HOOK_ORDER`, which determines the position; a hook with another name runs last
 */
export function addHook<P extends Phase>(
  app: FastifyInstance,
  phase: P,
  name: string,
  hook: Hooks[P],
): void {
  composeHooks(app)
  const { names, hooks } = app.hookChains[phase]
  const rank = rankOf(phase, name)
  const index = names.findIndex((other) => rankOf(phase, other) > rank)
  const position = index < 0 ? names.length : index
  names.splice(position, 0, name)
  hooks.splice(position, 0, hook)
}

function rankOf(phase: Phase, name: string): number {
  const rank = HOOK_ORDER[phase].indexOf(name)
  return rank < 0 ? Number.POSITIVE_INFINITY : rank
}

/** Registers one Fastify hook for each phase. Does nothing if this app or encapsulated scope already has them. */
export function composeHooks(app: FastifyInstance): void {
  if (Object.hasOwn(app, 'hookChains')) return
  const inherited = app.hookChains as Chains | undefined // from the parent scope; absent in a new app
  const chains = Object.fromEntries(
    Object.keys(HOOK_ORDER).map((phase) => [phase, { names: [], hooks: [] }]),
  ) as object as Chains // the cast holds because the keys are the phases
  // Fastify also runs the hooks of the parent scope. `runHooks` does not, so this phase copies the hooks of the parent
  // scope.
  const { names = [], hooks = [] } = inherited?.onErrorReply ?? {}
  chains.onErrorReply = { names: [...names], hooks: [...hooks] }
  if (!inherited) app.decorateRequest('arrivedAt', 0)
  Object.defineProperty(app, 'hookChains', { value: chains })

  const { onRequest, preParsing, onSend } = chains
  // Not Fastify's onRequestAbort, which adds a closure to each request, and misses requests whose body was read.
  function onClose(this: ServerResponse) {
    const { reply } = this
    if (reply && !this.writableFinished) abortRequest(chains, reply)
  }
  app.addHook('onRequest', (request, reply, done) => {
    request.arrivedAt = performance.now()
    reply.raw.reply = reply
    reply.raw.on('close', onClose)
    runRequestHooks(onRequest.hooks, 0, request, reply, done)
  })
  app.addHook('preParsing', (request, reply, _payload, done) =>
    runRequestHooks(preParsing.hooks, 0, request, reply, done),
  )
  app.addHook('onSend', (request, reply, payload, done) =>
    runSendHooks(onSend.hooks, 0, request, reply, payload, done),
  )
  app.addHook('onResponse', (request, reply, done) => {
    reply.raw.reply = undefined
    endRequest(app, request, reply)
    done()
  })
}

function abortRequest({ onRequestEnd }: Chains, reply: FastifyReply): void {
  const { request } = reply
  const status = request.raw.socket.connection?.refusedStatus ?? CLIENT_CLOSED_REQUEST
  const durationMs = performance.now() - request.arrivedAt
  for (const hook of onRequestEnd.hooks)
    hook(request, { status, durationMs, isAborted: true, reply })
}

/** Runs the onRequestEnd hooks of an app, if it has any, after a response was sent. */
export function endRequest(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { hookChains } = app
  if (!hookChains) return
  const end = { status: reply.statusCode, durationMs: reply.elapsedTime, isAborted: false, reply }
  for (const hook of hookChains.onRequestEnd.hooks) hook(request, end)
}

/** Runs the hooks of a phase that Fastify does not have. Uses the nearest scope with composed hooks. */
export function runHooks(
  phase: 'onErrorReply' | 'onFrameworkError',
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { hookChains } = request.server
  if (hookChains) for (const hook of hookChains[phase].hooks) hook(request, reply)
}
