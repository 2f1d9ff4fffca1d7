import t from 'tap'
import { fillPath } from '../../../src/http/path-template.ts'

const PATHS: [template: string, values: Record<string, unknown>, path: string][] = [
  ['/', {}, '/'],
  ['/articles', {}, '/articles'],
  ['/articles/:articleId', { articleId: 123 }, '/articles/123'],
  ['/articles/:articleId', { articleId: 0 }, '/articles/0'],
  ['/a/:id', { id: 'Zoë & co' }, '/a/Zo%C3%AB%20%26%20co'],
  ['/a/:id', { id: 'a/b?c#d%e' }, '/a/a%2Fb%3Fc%23d%25e'],
  ['/a/:id', { id: '../b' }, '/a/..%2Fb'],
  ['/a/:id', { id: '...' }, '/a/...'],
  ['/a/:id', { id: '$&$1' }, '/a/%24%26%241'],
  ['/a/:id', { id: ':id' }, '/a/%3Aid'],
  ['/a/:x/b/:y', { x: 1, y: 2 }, '/a/1/b/2'],
  ['/a/:x-:y.json', { x: 1, y: 2 }, '/a/1-2.json'],
  ['/:x/:x', { x: 1 }, '/1/1'],
  ['/a/:id(^\\d+$)/b', { id: 5 }, '/a/5/b'],
  ['/a/:id(^(?:x|y)$)', { id: 'x' }, '/a/x'],
  ['/f/*', { '*': 'a/b c/d?' }, '/f/a/b%20c/d%3F'],
  ['/f/:x/*', { x: 1, '*': '2' }, '/f/1/2'],
  ['/a/:constructor', { constructor: 1 }, '/a/1'],
  ['/a/:id', { id: false }, '/a/false'],
  ['/a/:id', { id: '\ud83d\ude00' }, '/a/%F0%9F%98%80'],
]

for (const [template, values, path] of PATHS) {
  t.test(`fillPath() returns ${path} for ${template} with ${JSON.stringify(values)}`, async (t) => {
    t.equal(fillPath(template, values), path)
  })
}

t.test('fillPath() returns a template without parameters unchanged', async (t) => {
  t.equal(fillPath('/articles'), '/articles')
})

const REFUSED: [template: string, values: Record<string, unknown>, message: string][] = [
  ['/a/:id', {}, '/a/:id needs a value for id'],
  ['/a/:id', { id: undefined }, '/a/:id needs a value for id'],
  ['/a/:id', { id: null }, '/a/:id needs a value for id'],
  ['/a/:constructor', {}, '/a/:constructor needs a value for constructor'],
  ['/a/:toString', {}, '/a/:toString needs a value for toString'],
  ['/a/:__proto__', {}, '/a/:__proto__ needs a value for __proto__'],
  ['/f/*', {}, '/f/* needs a value for *'],
  ['/a/:id', { id: 1, x: 2, y: 3 }, '/a/:id has no parameter x, y'],
  ['/a', { id: 1 }, '/a has no parameter id'],
  ['/a/:id', { id: '' }, '/a/:id cannot hold "" as id'],
  ['/a/:id', { id: '.' }, '/a/:id cannot hold "." as id'],
  ['/a/:id', { id: '..' }, '/a/:id cannot hold ".." as id'],
  ['/a/:id', { id: 'a\ud800' }, '/a/:id cannot hold "a\\ud800" as id'],
  ['/a/:id', { id: '\udc00' }, '/a/:id cannot hold "\\udc00" as id'],
  ['/f/*', { '*': 'a/\ud800/b' }, '/f/* cannot hold "\\ud800" as *'],
  ['/f/*', { '*': '' }, '/f/* cannot hold "" as *'],
  ['/f/*', { '*': '/etc/passwd' }, '/f/* cannot hold "" as *'],
  ['/f/*', { '*': 'a//b' }, '/f/* cannot hold "" as *'],
  ['/f/*', { '*': 'a/../b' }, '/f/* cannot hold ".." as *'],
  ['/f/*', { '*': 'a/.' }, '/f/* cannot hold "." as *'],
]

for (const [template, values, message] of REFUSED) {
  t.test(`fillPath() throws for ${template} with ${JSON.stringify(values)}`, async (t) => {
    t.throws(() => fillPath(template, values), new TypeError(message))
  })
}
