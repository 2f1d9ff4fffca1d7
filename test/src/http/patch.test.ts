import t from 'tap'
import {
  applyPatch,
  JSON_PATCH,
  MERGE_PATCH,
  patchContent,
  validatePatched,
} from '../../../src/http/patch.ts'
import { compileValidator, ValidationError } from '../../../src/http/validation.ts'

const DOCUMENT = { id: 1, title: 'A', body: 'B' }

const APPLIED: [mediaType: string, patch: unknown, patched: object][] = [
  [MERGE_PATCH, { title: 'C' }, { id: 1, title: 'C', body: 'B' }],
  [MERGE_PATCH, { title: null, new: [1] }, { id: 1, body: 'B', new: [1] }],
  [JSON_PATCH, [{ op: 'replace', path: '/title', value: 'C' }], { id: 1, title: 'C', body: 'B' }],
  [JSON_PATCH, [{ op: 'remove', path: '/body' }], { id: 1, title: 'A' }],
  [JSON_PATCH, [{ op: 'add', path: '/a~1b~0c', value: 1 }], { ...DOCUMENT, 'a/b~c': 1 }],
  [JSON_PATCH, [{ op: 'copy', from: '/title', path: '/body' }], { ...DOCUMENT, body: 'A' }],
  [JSON_PATCH, [{ op: 'move', from: '/title', path: '/body' }], { id: 1, body: 'A' }],
  [JSON_PATCH, [{ op: 'test', path: '/id', value: 1 }], DOCUMENT],
  [JSON_PATCH, [], DOCUMENT],
  [MERGE_PATCH, {}, DOCUMENT],
  ['application/json', { title: 'C', body: null }, { id: 1, title: 'C' }],
]

for (const [mediaType, patch, patched] of APPLIED) {
  t.test(`applyPatch() applies ${mediaType} ${JSON.stringify(patch)} to a copy`, async (t) => {
    const document = { ...DOCUMENT }
    t.strictSame(applyPatch(mediaType, document, patch), patched)
    t.strictSame(document, DOCUMENT)
  })
}

const FAILED: [patch: object[], status: number, message: RegExp][] = [
  [[{ op: 'test', path: '/title', value: 'B' }], 409, /^operation 1, test at "\/title"/],
  [[{ op: 'remove', path: '/nope' }], 422, /^operation 1, remove at "\/nope"/],
  [[{ op: 'replace', path: '/nope/x', value: 1 }], 422, /^operation 1, replace at "\/nope\/x"/],
  [
    [
      { op: 'replace', path: '/title', value: 'C' },
      { op: 'test', path: '/title', value: 'A' },
    ],
    409,
    /^operation 2, test at "\/title"/,
  ],
]

for (const [patch, statusCode, message] of FAILED) {
  t.test(`JSON Patch ${JSON.stringify(patch)} fails with ${statusCode}`, async (t) => {
    const document = { ...DOCUMENT }
    t.throws(() => applyPatch(JSON_PATCH, document, patch), { statusCode, message })
    t.strictSame(document, DOCUMENT, 'the document is not changed')
  })
}

t.test('applyPatch() ignores members that the operation does not define', async (t) => {
  const patch = [{ op: 'remove', path: '/body', from: '/nope', comment: 'gone' }]
  t.strictSame(applyPatch(JSON_PATCH, DOCUMENT, patch), { id: 1, title: 'A' })
})

const CONTENT = patchContent({ a: 1 })

const INVALID: [mediaType: keyof typeof CONTENT, patch: unknown][] = [
  [MERGE_PATCH, [1]],
  [MERGE_PATCH, null],
  [JSON_PATCH, {}],
  ['application/json', []],
  ['application/json', 1],
  [JSON_PATCH, [{ op: 'change', path: '/title' }]],
  [JSON_PATCH, [{ op: 'remove' }]],
  [JSON_PATCH, [{ op: 'remove', path: 'title' }]],
  [JSON_PATCH, [{ op: 'remove', path: '/a~2' }]],
  [JSON_PATCH, [{ op: 'move', path: '/title', from: 'body' }]],
  [JSON_PATCH, Array.from({ length: 101 }, () => ({ op: 'remove', path: '/title' }))],
]

const EMPTY: [mediaType: keyof typeof CONTENT, patch: unknown][] = [
  [MERGE_PATCH, {}],
  [JSON_PATCH, []],
  ['application/json', {}],
]

for (const [mediaType, patch] of EMPTY) {
  t.test(`the schema allows a patch of type ${mediaType} that changes nothing`, async (t) => {
    const validate = compileValidator(CONTENT[mediaType].schema, 'body')
    t.same(validate(patch), { value: patch })
  })
}

for (const [mediaType, patch] of INVALID) {
  t.test(`the schema refuses ${JSON.stringify(patch).slice(0, 60)} as ${mediaType}`, async (t) => {
    const validate = compileValidator(CONTENT[mediaType].schema, 'body')
    t.ok('error' in validate(patch))
  })
}

t.test(
  'validatePatched() throws 422 for an invalid result, and does not change other errors',
  async (t) => {
    t.equal(
      validatePatched(() => 'valid'),
      'valid',
    )
    const violation = { pointer: '/title', message: 'is required' }
    const throwInvalid = () => {
      throw new ValidationError([violation])
    }
    t.throws(() => validatePatched(throwInvalid), {
      statusCode: 422,
      message: 'after the patch, /title is required',
      violations: [{ in: 'body', ...violation }],
    })
    const error = new TypeError('a programming error')
    const throwError = () => {
      throw error
    }
    t.throws(() => validatePatched(throwError), error, 'the error is not converted')
  },
)
