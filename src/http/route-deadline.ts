/** Time limits of the service and of a route. */
import { type Static, Type } from 'typebox'

/** Longest timeout, in milliseconds. */
const HOUR = 3_600_000

export const TimeLimits = Type.Object({
  requestTimeoutMs: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: HOUR,
    description:
      'Milliseconds that the head of a request may take to arrive, and for which its body may stall.',
  }),
  replyTimeoutMs: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: HOUR,
    description:
      'Milliseconds until a response must begin, and for which the client may stop receiving it.',
  }),
  minBytesPerSecond: Type.Integer({
    default: 500,
    minimum: 1,
    description:
      'Rate at which a body must arrive and a response must be received, in bytes per second. ' +
      'A body that arrived faster may stall for up to eight times REQUEST_TIMEOUT.',
  }),
})

/** Deadline in the config of a route: replaces limits of the service, and can set a maximum. */
export const RouteDeadline = Type.Partial(
  Type.Object({
    ...TimeLimits.properties,
    maximumMs: Type.Integer({
      minimum: 10,
      description: 'Milliseconds from the head of the request to the end of the response.',
    }),
  }),
)
export type RouteDeadline = Static<typeof RouteDeadline>
