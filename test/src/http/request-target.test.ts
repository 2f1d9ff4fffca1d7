import t from 'tap'
import { absoluteUrl, authorityOf, originForm } from '../../../src/http/request-target.ts'

/** Request targets, with their authority and their origin form. */
const TARGETS: [target: string, authority: string | undefined, origin: string][] = [
  ['/', undefined, '/'],
  ['/a?b=http://h/', undefined, '/a?b=http://h/'],
  ['*', undefined, '*'],
  ['http://h', 'h', '/'],
  ['http://h?a', 'h', '/?a'],
  ['HTTP://H:80/a/b?c', 'H:80', '/a/b?c'],
  ['https://u@h/a', 'u@h', '/a'],
  ['http:///a', '', '/a'],
  ['ftp://h/a', undefined, 'ftp://h/a'],
  ['http:/a', undefined, 'http:/a'],
]

for (const [target, authority, origin] of TARGETS) {
  t.test(`${target} has the authority ${authority} and the origin form ${origin}`, async (t) => {
    t.equal(authorityOf(target), authority)
    t.equal(originForm(target), origin)
  })
}

t.test('absoluteUrl() returns a path if the request has no host', async (t) => {
  const request = { protocol: 'http', host: '', originalUrl: '/a?b' }
  t.equal(absoluteUrl(request), '/a?b')
  t.equal(absoluteUrl({ ...request, host: 'h:8080' }), 'http://h:8080/a?b')
})
