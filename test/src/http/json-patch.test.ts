import t from 'tap'
import { applyOperations, mergePatch, type PatchOperation } from '../../../src/http/json-patch.ts'

const DOCUMENT = { a: 1, list: ['x', 'y'], deep: { b: [{ c: null }] }, 'm/n~o': 2, '': 3 }

/** Examples of RFC 6902 appendix A, and further cases of each rule. */
const APPLIED: [
  title: string,
  document: unknown,
  operations: PatchOperation[],
  patched: unknown,
][] = [
  ['adds a member', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  [
    'replaces an existing member with the operation add',
    { a: 1 },
    [{ op: 'add', path: '/a', value: null }],
    { a: null },
  ],
  ['adds before an item', [1, 3], [{ op: 'add', path: '/1', value: 2 }], [1, 2, 3]],
  ['adds after the last item', [1], [{ op: 'add', path: '/1', value: 2 }], [1, 2]],
  ['adds at the end', { l: [1] }, [{ op: 'add', path: '/l/-', value: 2 }], { l: [1, 2] }],
  ['adds an array as one item', [], [{ op: 'add', path: '/-', value: ['a'] }], [['a']]],
  ['adds at the root', { a: 1 }, [{ op: 'add', path: '', value: [1] }], [1]],
  ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
  ['removes an item', [1, 2, 3], [{ op: 'remove', path: '/1' }], [1, 3]],
  ['removes the root', { a: 1 }, [{ op: 'remove', path: '' }], null],
  ['replaces a member', { a: 1 }, [{ op: 'replace', path: '/a', value: 2 }], { a: 2 }],
  ['replaces an item', [1, 2], [{ op: 'replace', path: '/0', value: 3 }], [3, 2]],
  ['replaces the root', { a: 1 }, [{ op: 'replace', path: '', value: 2 }], 2],
  ['moves a member', { a: { b: 1 } }, [{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: 1 }],
  ['moves an item', [1, 2, 3], [{ op: 'move', from: '/0', path: '/2' }], [2, 3, 1]],
  ['copies a member', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
  [
    'compares objects regardless of the order of members',
    { a: { b: 1, c: [2] } },
    [{ op: 'test', path: '/a', value: { c: [2], b: 1 } }],
    { a: { b: 1, c: [2] } },
  ],
  [
    'compares the member with an escaped name',
    DOCUMENT,
    [{ op: 'test', path: '/m~1n~0o', value: 2 }],
    DOCUMENT,
  ],
  [
    'compares the member with an empty name',
    DOCUMENT,
    [{ op: 'test', path: '/', value: 3 }],
    DOCUMENT,
  ],
  [
    'compares numbers by their value',
    { a: 0, list: [{ b: -0 }], c: 1 },
    [
      { op: 'test', path: '/a', value: -0 },
      { op: 'test', path: '/list', value: [{ b: 0 }] },
      { op: 'test', path: '/c', value: 1.0 },
    ],
    { a: 0, list: [{ b: -0 }], c: 1 },
  ],
  ['unescapes ~01 to ~1', { '~1': 1 }, [{ op: 'test', path: '/~01', value: 1 }], { '~1': 1 }],
]

for (const [title, document, operations, patched] of APPLIED) {
  t.test(`a JSON Patch ${title}`, async (t) => {
    t.strictSame(applyOperations(structuredClone(document), operations), patched)
  })
}

const FAILED: [operation: PatchOperation, status: number][] = [
  [{ op: 'add', path: '/nope/b', value: 1 }, 422],
  [{ op: 'add', path: '/list/3', value: 1 }, 422],
  [{ op: 'add', path: '/list/01', value: 1 }, 422],
  [{ op: 'add', path: '/a/b', value: 1 }, 422],
  [{ op: 'add', path: '/deep/b/0/c/d', value: 1 }, 422],
  [{ op: 'add', path: '/b' }, 400],
  [{ op: 'replace', path: '/b', value: 1 }, 422],
  [{ op: 'replace', path: '/list/-', value: 1 }, 422],
  [{ op: 'replace', path: '/list/length', value: 1 }, 422],
  [{ op: 'replace', path: '/a' }, 400],
  [{ op: 'remove', path: '/toString' }, 422],
  [{ op: 'remove', path: '/list/2' }, 422],
  [{ op: 'move', from: '/deep', path: '/deep/b' }, 422],
  [{ op: 'move', path: '/a' }, 400],
  [{ op: 'copy', from: '/nope', path: '/a' }, 422],
  [{ op: 'copy', path: '/a' }, 400],
  [{ op: 'test', path: '/a', value: '1' }, 409],
  [{ op: 'test', path: '/list', value: ['y', 'x'] }, 409],
  [{ op: 'test', path: '/nope', value: undefined }, 422],
  [{ op: 'test', path: '/a', value: { toString: 1, valueOf: 1 } }, 409],
  [{ op: 'test', path: '/a' }, 400],
]

for (const [operation, status] of FAILED) {
  t.test(`${JSON.stringify(operation)} fails with ${status}`, async (t) => {
    const apply = async () => applyOperations(structuredClone(DOCUMENT), [operation])
    await t.rejects(apply(), {
      statusCode: status,
      message: `operation 1, ${operation.op} at "${operation.path}": `,
    })
  })
}

t.test('a path with __proto__ adds a member, and changes no prototype', async (t) => {
  const patched = applyOperations({}, [{ op: 'add', path: '/__proto__', value: { polluted: 1 } }])
  t.ok(Object.hasOwn(Object(patched), '__proto__'))
  t.notOk(Reflect.has({}, 'polluted'))
  const path = '/constructor/prototype/polluted'
  const reach = async () => applyOperations({}, [{ op: 'add', path, value: 1 }])
  await t.rejects(reach(), { message: 'the location does not exist' })
})

t.test('copies of a large member throw 422 if they exceed the limit', async (t) => {
  const copy: PatchOperation = { op: 'copy', from: '/x', path: '/y' }
  const document = { x: 'a'.repeat(150_000) }
  t.match(applyOperations(structuredClone(document), [copy]), { y: document.x })
  const apply = async () => applyOperations(document, [copy, copy])
  await t.rejects(apply(), { statusCode: 422, message: 'the copied values are too large' })
})

t.test('copies that double the document each time throw 422', async (t) => {
  const operations: PatchOperation[] = Array.from({ length: 100 }, (_, index) => ({
    op: 'copy',
    from: '',
    path: `/a${index}`,
  }))
  const apply = async () => applyOperations({ text: 'a'.repeat(1000) }, operations)
  await t.rejects(apply(), { statusCode: 422, message: 'the copied values are too large' })
})

/** Examples of RFC 7396 appendix A. */
const MERGED: [target: unknown, patch: unknown, merged: unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{}, { constructor: 1, hasOwnProperty: null }, { constructor: 1 }],
]

for (const [target, patch, merged] of MERGED) {
  t.test(
    `mergePatch() applies ${JSON.stringify(patch)} to ${JSON.stringify(target)}`,
    async (t) => {
      const before = structuredClone(target)
      t.strictSame(mergePatch(target, patch), merged)
      t.strictSame(target, before, 'the target is not changed')
    },
  )
}
