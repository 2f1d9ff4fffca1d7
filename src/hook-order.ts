/**
 * Order in which the plugins' hooks of a phase run, by name. A hook has the name of its plugin; a plugin with
 * two hooks in one phase adds a suffix. Hooks with other names run after these, in the order of registration.
 */
export const HOOK_ORDER = {
  /** The head has arrived, the body is not read. */
  onRequest: [
    'tracing', // first, so that each log line and each later hook sees the trace
    'logging', // sets X-Request-Id before anything can fail
    'connection', // counts the request as in flight before anything can end it
    'cors', // before any refusal, so that pages of allowed origins can read it
    'security', // before any refusal, so that it has the security header fields
    'framing', // before the request is interpreted: Host, version and target may be ambiguous
    'rate-limit', // before work is done for the client
    'negotiation', // sets Vary for every later response
    'deadlines', // starts the reply's deadline
    'routing', // last: 404, 405, 501 and OPTIONS have all fields set above
  ],
  /** The route's own onRequest hooks (authentication) have run, the body is not read. */
  preParsing: [
    'rate-limit', // counts requests whose credentials the route did not verify
    'negotiation', // 415 and 406, so that no body is read in vain
    'expectations', // last: 100 Continue means that the body is wanted
  ],
  /** The body has arrived. */
  preValidation: ['deadlines'],
  /** Params, query, header fields and body match their schemas. */
  preHandler: ['explain'],
  /** The response is serialized, not sent. */
  onSend: [
    'cors', // reads Allow, which routing has set
    'content-coding/choose', // gives each coding its own entity tag before the tag is compared
    'conditional-requests', // 304, 412, 206 and 416 replace the response
    'content-coding/apply', // compresses only what is sent
    'deadlines', // starts the deadline of the client's reading
    'explain', // after the hooks that change the status
    'shutdown', // last: Connection: close holds for every response
  ],
  /** The response is sent, or the client has disconnected. */
  onRequestEnd: ['tracing', 'logging', 'metrics'],
  /** An error becomes a response: the header fields of every response are set again. */
  onErrorReply: ['cors', 'security', 'logging'],
  /** The router refused the URL, so onRequest did not run: throws if the head is wrong too. */
  onFrameworkError: ['framing'],
} satisfies Record<string, readonly string[]>

/** Phases that plugins add hooks to: those of Fastify, and three of our own (see hooks.ts). */
export type Phase = keyof typeof HOOK_ORDER
