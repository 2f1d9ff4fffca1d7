import { Type } from 'typebox'
import { problems, textOrData } from '../../src/schemas/responses.ts'

const Greeting = Type.Object(
  {
    hello: Type.String({ description: 'Who is greeted' }),
    number: Type.Integer({ description: "The tutorial's number" }),
  },
  { title: 'Greeting' },
)

const GreetingV2 = Type.Object(
  {
    greeting: Type.String({ description: 'The whole greeting' }),
    name: Type.String({ description: 'Who is greeted' }),
  },
  { title: 'GreetingV2' },
)

/** A representation with a version of its own: clients that ask for it are not moved to the next. */
export const VERSION_2 = 'application/vnd.example.v2+json'

export const readGreeting = {
  operationId: 'readGreeting',
  summary: 'Greet someone',
  querystring: Type.Object(
    { name: Type.Optional(Type.String({ description: 'Who is greeted' })) },
    { additionalProperties: false },
  ),
  response: {
    200: textOrData('The greeting', Greeting, { [VERSION_2]: GreetingV2 }),
    ...problems(400),
  },
} as const
