import { Type } from 'typebox'
import { Violation } from '../http/validation.ts'

const status = Type.Integer({
  minimum: 400,
  maximum: 599,
  description: 'The status code of the answer',
})
const errors = Type.Optional(
  Type.Array(Violation, { description: 'What is wrong with the members of the request' }),
)

/** The tutorial's error document, and the service's default. */
export const ErrorDocument = Type.Object(
  {
    status,
    message: Type.String({ description: 'What went wrong, in words' }),
    errors,
  },
  { title: 'Error', description: 'A failure, as the tutorial tells it' },
)

/** Problem details for HTTP APIs (RFC 9457 §3.1). */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: 'The kind of problem' }),
    title: Type.String({ description: 'The kind of problem, in words' }),
    status,
    detail: Type.Optional(Type.String({ description: 'What is special about this occurrence' })),
    errors,
  },
  { title: 'Problem', description: 'A failure as problem details (RFC 9457)' },
)
