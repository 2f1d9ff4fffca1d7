/**
 * Names of the plugins' hooks in each phase, in the order in which they run. A hook has the name of its plugin,
 * with a suffix if the plugin has two hooks in one phase. Hooks with other names run after these, in the order of
 * registration.
 */
export const HOOK_ORDER = {
  /** The head has arrived; the body has not been read. */
  onRequest: [
    'tracing', // first, so that each log line and each later hook sees the trace
    'logging', // sets X-Request-Id, and the client's address in the log, before anything can fail
    'connection', // counts the request as in flight before anything can end it
    'cors', // before any refusal, so that pages of allowed origins can read the refusal
    'security', // before any refusal, so that a refusal has the security header fields
    'framing', // refuses an ambiguous Host, version or target before the request is interpreted
    'hosts', // after the check that Host is valid
    'path-prefix', // before any hook writes a URL
    'rate-limit', // refuses clients over their quota before work is done for them
    'negotiation', // sets Vary for every later response
    'deadlines', // starts the timer that checks the time limits
    'routing', // last, so that 404, 405, 501 and responses to OPTIONS have the header fields of the hooks above
  ],
  /** The route's own onRequest hooks (authentication) have run; the body has not been read. */
  preParsing: [
    'rate-limit', // counts requests whose credentials the route did not verify
    'negotiation', // refuses with 415 or 406 before the body is read
    'deadlines', // gives the client and the handler the full time, however long authentication took
    'expectations', // last, since 100 Continue asks the client to send the body
  ],
  /** The response has been serialized, but not sent. */
  onSend: [
    'cors', // reads Allow, which the hook `routing` has set
    'preferences', // before the hooks that describe the content, which it may remove
    'path-prefix', // before the preconditions, so that a 304 has the Link of its 200
    'caching', // before the preconditions, so that a 304 has the policy of its 200
    'content-coding/choose', // before the preconditions, since each coding has its own entity tag
    'conditional-requests', // replaces the response with 304, 412, 206 or 416
    'content-coding/apply', // after the preconditions, so that a 304 costs no compression
    'explain', // after the hooks that change the status
    'shutdown', // after the hooks that may replace the response, so that each gets Connection: close
    'connection', // last, since it waits for a small body, unless the connection is closed anyway
  ],
  /** The response has been sent, or the client has disconnected. */
  onRequestEnd: ['connection', 'tracing', 'logging', 'metrics', 'deadlines', 'shutdown'],
  /** An error is about to be sent. The hooks set again the header fields that every response has. */
  onErrorReply: ['cors', 'security', 'logging', 'caching'],
  /**
   * The router refused the URL, so the onRequest hooks did not run. If a hook throws, its error is sent instead of the
   * router's.
   */
  onFrameworkError: [
    'logging', // adds the client's address to the log lines before a hook can fail
    'framing',
    'hosts',
  ],
} satisfies Record<string, readonly string[]>

/** Phases that plugins add hooks to: phases of Fastify, and three of our own (see hooks.ts). */
export type Phase = keyof typeof HOOK_ORDER
