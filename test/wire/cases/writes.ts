import { request, type WireCase } from '../case.ts'
import { AS_JSON, AUTHORIZED, JSON_TYPE, NOTE } from '../fields.ts'

const FIELDS = { ...AUTHORIZED, ...AS_JSON, ...JSON_TYPE }
const MINIMAL = { Prefer: 'return=minimal' }
const APPLIED = { 'preference-applied': 'return=minimal' }

/** Id of the latest note. Each case writes to a different note. */
let lastId = 7_000

/** Creates a note, then writes to it. */
function rewrite(
  section: string,
  sent: string,
  method: 'PUT' | 'PATCH',
  fields: Record<string, string>,
  expected: Pick<WireCase, 'statuses' | 'headers' | 'body'>,
): WireCase {
  lastId += 1
  const target = `/notes/${lastId}`
  const type = method === 'PATCH' ? { 'Content-Type': 'application/merge-patch+json' } : {}
  const all = { ...FIELDS, ...type, 'If-Match': '*', ...fields }
  return {
    section,
    sent,
    before: [request(`PUT ${target}`, FIELDS, NOTE)],
    bytes: request(`${method} ${target}`, all, NOTE),
    ...expected,
    headers: Object.fromEntries(
      Object.entries(expected.headers ?? {}).map(([name, value]) => [
        name,
        value === '{target}' ? target : value,
      ]),
    ),
  }
}

const WHOLE = { 'content-location': '{target}', etag: /^"/, 'preference-applied': null }
const NOTHING = { ...APPLIED, 'content-type': null, 'content-location': null }

export const WRITES: WireCase[] = [
  {
    section: 'RFC 9110 §15.3.2',
    sent: 'POST that creates a note',
    bytes: request('POST /notes', FIELDS, NOTE),
    statuses: [201],
    headers: {
      location: /^\/notes\/\d+$/,
      'content-location': /^\/notes\/\d+$/,
      etag: /^"/,
    },
    body: /"title":"t"/,
  },
  rewrite('RFC 9110 §8.7', 'PUT of a note', 'PUT', {}, { statuses: [200], headers: WHOLE }),
  rewrite('RFC 9110 §8.7', 'PATCH of a note', 'PATCH', {}, { statuses: [200], headers: WHOLE }),
  rewrite('RFC 7240 §4.2', 'PUT with `return=minimal`', 'PUT', MINIMAL, {
    statuses: [204],
    headers: { ...NOTHING, etag: null, 'last-modified': null },
    body: '',
  }),
  rewrite('RFC 7240 §4.2', 'PATCH with `return=minimal`', 'PATCH', MINIMAL, {
    statuses: [204],
    headers: { ...NOTHING, etag: /^"/ },
    body: '',
  }),
  rewrite(
    'RFC 7240 §4.2',
    'PUT with `return=representation`',
    'PUT',
    { Prefer: 'foo; bar, RETURN="representation", return=minimal' },
    {
      statuses: [200],
      headers: { 'preference-applied': 'return=representation', 'content-location': '{target}' },
      body: /"title":"t"/,
    },
  ),
  rewrite(
    'RFC 7240 §2',
    'PUT with unknown preferences',
    'PUT',
    { Prefer: 'return=all; x, "' },
    { statuses: [200], headers: WHOLE },
  ),
  {
    section: 'RFC 7240 §4.2',
    sent: 'POST with `return=minimal`',
    bytes: request('POST /notes', { ...FIELDS, ...MINIMAL }, NOTE),
    statuses: [201],
    headers: { ...NOTHING, location: /^\/notes\/\d+$/, etag: /^"/, 'content-length': '0' },
    body: '',
  },
]
