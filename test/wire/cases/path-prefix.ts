import { request, type WireCase } from '../case.ts'
import { AS_JSON, JSON_TYPE, NOTE } from '../fields.ts'
import { ACCOUNTS, TOKEN } from './accounts.ts'

/** Environment variables of a service behind a proxy that publishes it under a path. */
export const PROXY = { ...ACCOUNTS, TRUST_PROXY: '127.0.0.1', FORWARDED_PREFIX: 'true' }

const PREFIX = { 'X-Forwarded-Prefix': '/shop/v1' }

export const PATH_PREFIX: WireCase[] = [
  {
    section: 'RFC 9110 §10.2.2',
    sent: 'POST with a path prefix',
    bytes: request(
      'POST /notes',
      { ...PREFIX, Authorization: `Bearer ${TOKEN}`, ...JSON_TYPE },
      NOTE,
    ),
    statuses: [201],
    headers: {
      location: /^\/shop\/v1\/notes\/\d+$/,
      'content-location': /^\/shop\/v1\/notes\/\d+$/,
    },
  },
  {
    section: 'RFC 8288 §3',
    sent: 'GET of a list with a path prefix',
    bytes: request('GET /notes', { ...PREFIX, ...AS_JSON }),
    statuses: [200],
    headers: { link: /^<\/shop\/v1\/notes>; rel="first"/ },
  },
  {
    section: 'RFC 8631 §4',
    sent: 'GET / with a path prefix',
    bytes: request('GET /', PREFIX),
    statuses: [200],
    headers: { link: /<\/shop\/v1\/openapi\.json>; rel="service-desc"/ },
  },
  {
    section: 'RFC 9727 §4.2',
    sent: 'GET of the catalog with a path prefix',
    bytes: request('GET /.well-known/api-catalog', PREFIX),
    statuses: [200],
    body: /"href":"http:\/\/localhost\/shop\/v1\/openapi\.json"/,
  },
  {
    section: 'RFC 8288 §3',
    sent: 'GET of a list without a path prefix',
    bytes: request('GET /notes', AS_JSON),
    statuses: [200],
    headers: { link: /^<\/notes>; rel="first"/ },
  },
]
