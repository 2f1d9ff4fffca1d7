import t from 'tap'
import {
  HTML,
  JSON_TYPE,
  PROBLEM_JSON,
  PROBLEM_XML,
  TEXT,
  XML,
} from '../../../src/http/media-types.ts'
import { PROBLEM_TYPES, type Problem, writeProblem } from '../../../src/http/problem.ts'

const NOT_FOUND: Problem = { status: 404, detail: 'http://127.0.0.1:5000/users/4' }
const INVALID: Problem = {
  status: 400,
  detail: 'body/name is required',
  violations: [{ in: 'body', pointer: '/name', message: 'is <required>' }],
}

const DOCUMENTS: { title: string; problem: Problem; type: string; document: object }[] = [
  {
    title: 'the tutorial’s 404',
    problem: NOT_FOUND,
    type: JSON_TYPE,
    document: { status: 404, message: 'Not Found: http://127.0.0.1:5000/users/4' },
  },
  {
    title: 'the tutorial’s 401',
    problem: { status: 401, detail: 'not shown' },
    type: JSON_TYPE,
    document: { status: 401, message: 'Authenticate.' },
  },
  {
    title: 'a status alone',
    problem: { status: 500 },
    type: JSON_TYPE,
    document: { status: 500, message: 'Internal Server Error' },
  },
  {
    title: 'an empty detail',
    problem: { status: 400, detail: '' },
    type: JSON_TYPE,
    document: { status: 400, message: 'Bad Request: ' },
  },
  {
    title: 'violations',
    problem: INVALID,
    type: JSON_TYPE,
    document: {
      status: 400,
      message: 'Bad Request: body/name is required',
      errors: INVALID.violations,
    },
  },
  {
    title: 'problem details',
    problem: NOT_FOUND,
    type: PROBLEM_JSON,
    document: {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      message: 'Not Found: http://127.0.0.1:5000/users/4',
      detail: 'http://127.0.0.1:5000/users/4',
    },
  },
  {
    title: 'problem details without a detail',
    problem: { status: 404 },
    type: PROBLEM_JSON,
    document: { type: 'about:blank', title: 'Not Found', status: 404, message: 'Not Found' },
  },
  {
    title: 'problem details with violations',
    problem: INVALID,
    type: PROBLEM_JSON,
    document: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      message: 'Bad Request: body/name is required',
      detail: 'body/name is required',
      errors: INVALID.violations,
    },
  },
  {
    title: '413 with the reason phrase of RFC 9110',
    problem: { status: 413 },
    type: PROBLEM_JSON,
    document: {
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      message: 'Content Too Large',
    },
  },
  {
    title: 'a status without a reason phrase',
    problem: { status: 599 },
    type: PROBLEM_JSON,
    document: { type: 'about:blank', title: 'Unknown', status: 599, message: 'Unknown' },
  },
]

for (const { title, problem, type, document } of DOCUMENTS) {
  t.test(`writeProblem() writes ${title} as ${type}`, async (t) => {
    t.strictSame(JSON.parse(writeProblem(problem, type)), document)
  })
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

t.test(`writeProblem() writes the tutorial’s document as ${XML}`, async (t) => {
  t.equal(
    writeProblem({ status: 404, detail: 'a&b' }, XML),
    `${DECLARATION}<error><status>404</status><message>Not Found: a&amp;b</message></error>\n`,
  )
})

t.test(
  `writeProblem() writes problem details in their namespace as ${PROBLEM_XML} (RFC 9457 appendix B)`,
  async (t) => {
    t.equal(
      writeProblem({ status: 404, detail: 'a<b' }, PROBLEM_XML),
      `${DECLARATION}<problem xmlns="urn:ietf:rfc:7807"><type>about:blank</type>` +
        '<title>Not Found</title><status>404</status>' +
        '<message>Not Found: a&lt;b</message><detail>a&lt;b</detail></problem>\n',
    )
  },
)

const VIOLATION = '<in>body</in><pointer>/name</pointer><message>is &lt;required&gt;</message>'

t.test(`writeProblem() writes violations as <item> elements in ${XML}`, async (t) => {
  t.match(writeProblem(INVALID, XML), `<errors><item>${VIOLATION}</item></errors>`)
})

t.test(
  `writeProblem() writes violations as <i> elements in ${PROBLEM_XML} (RFC 9457 appendix B)`,
  async (t) => {
    const document = writeProblem(INVALID, PROBLEM_XML)
    t.match(document, `<errors><i>${VIOLATION}</i></errors>`)
    t.notMatch(document, '<item>')
  },
)

t.test(`writeProblem() writes status and message on one line as ${TEXT}`, async (t) => {
  t.equal(writeProblem({ status: 404, detail: 'here' }, TEXT), '404 Not Found: here\n')
})

t.test(
  'writeProblem() supports all problem types except HTML, and the first type is the tutorial’s JSON',
  async (t) => {
    t.strictSame(PROBLEM_TYPES, [JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, XML, TEXT, HTML])
    for (const type of PROBLEM_TYPES.slice(0, -1)) t.match(writeProblem(INVALID, type), '400', type)
    t.throws(
      () => writeProblem(NOT_FOUND, HTML),
      new TypeError(`a problem cannot be written as ${HTML}`),
    )
  },
)
