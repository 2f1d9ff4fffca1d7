import type { InjectOptions } from 'fastify'
import t from 'tap'
import { MERGE_PATCH } from '../../../src/http/patch.ts'
import { build, patch, write } from '../../app.ts'
import '../../fixtures/register.ts'
import { HOSTILE, inField, quoted } from '../../hostile.ts'
import { expectSameMarkup, pageOf } from '../../page.ts'

const BROWSER = { accept: 'text/html' }
const ANY_VERSION = { 'if-match': '*' }
const NOTE = { title: 't', body: 'b', author: 'a' }

/** Replaces line separators, which a text of one line must not contain. */
const line = (text: string) => text.replace(/[\u2028\u2029]/g, ' ')

/** Functions that return a request with the given text. The page of the response shows this text. */
const REFLECTED: Record<string, (text: string) => InjectOptions> = {
  'the path of a 404': (text) => ({ url: `/${encodeURIComponent(text)}` }),
  'a path without percent-encoding': (text) => ({ url: `/${inField(text).replace(/[ #?]/g, '')}` }),
  'a path parameter': (text) => ({ url: `/greeting/${encodeURIComponent(text)}` }),
  'an invalid path parameter': (text) => ({ url: `/notes/${encodeURIComponent(text)}` }),
  'a query': (text) => ({ url: `/greeting?name=${encodeURIComponent(text)}` }),
  'an unknown query parameter': (text) => ({ url: `/greeting?${encodeURIComponent(text)}=1` }),
  'the returned target': (text) => ({ url: `/mirror?${inField(text).replace(/[ #]/g, '')}` }),
  'a returned field': (text) => ({ url: '/mirror', headers: { referer: inField(text) } }),
  'the returned body': (text) => ({
    method: 'POST',
    url: '/mirror',
    headers: { 'content-type': 'text/plain' },
    payload: text,
  }),
  'a returned media type': (text) => ({
    method: 'POST',
    url: '/files',
    headers: { 'content-type': `text/plain; a="${quoted(text)}"` },
    payload: 'x',
  }),
  'a Content-Type': (text) => ({
    method: 'POST',
    url: '/files',
    headers: { 'content-type': inField(text) },
    payload: 'x',
  }),
  'an Idempotency-Key': (text) => ({
    method: 'POST',
    url: '/files',
    headers: { 'content-type': 'text/plain', 'idempotency-key': `"${quoted(text)}"` },
    payload: 'x',
  }),
  'an If-Match': (text) => ({
    url: '/notes/123',
    headers: { 'if-match': `"${quoted(text).replaceAll(' ', '')}"` },
  }),
  'an unknown member': (text) =>
    write('PUT', '/notes/123', { ...ANY_VERSION, ...BROWSER }, { ...NOTE, [text]: 'x' }),
}

/** Functions that return a write request with the given text, and the path of a page that then shows the text. */
const STORED: Record<string, (text: string) => { request: InjectOptions; path: string }> = {
  'a note': (text) => ({
    request: write('PUT', '/notes/123', ANY_VERSION, { ...NOTE, title: line(text), body: text }),
    path: '/notes/123',
  }),
  'the author in a list': (text) => ({
    request: write('PUT', '/notes/123', ANY_VERSION, { ...NOTE, author: line(text) }),
    path: '/notes',
  }),
  'a patched note': (text) => ({
    request: patch('/notes/123', MERGE_PATCH, { author: line(text) }, ANY_VERSION),
    path: '/notes/123',
  }),
}

for (const [place, get] of Object.entries(REFLECTED)) {
  t.test(`a page escapes markup in ${place}`, async (t) => {
    const app = await build(t)
    for (const text of HOSTILE) {
      const plain = await pageOf(app, get(text.replace(/[^a-z/]/gi, '_')))
      expectSameMarkup(t, text, await pageOf(app, get(text)), plain)
    }
  })
}

for (const [place, writeOf] of Object.entries(STORED)) {
  t.test(`a page escapes stored markup in ${place}`, async (t) => {
    const app = await build(t)
    const store = async (text: string) => {
      const { request, path } = writeOf(text)
      t.equal((await app.inject(request)).statusCode, 200)
      return pageOf(app, { url: path })
    }
    const plain = await store('plain')
    for (const text of HOSTILE) expectSameMarkup(t, text, await store(text), plain)
  })
}
