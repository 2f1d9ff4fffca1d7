import { request, type WireCase } from '../case.ts'

const CATALOG = '/.well-known/api-catalog'

/** Matches a Link to a document of a relation. */
function linkTo(relation: string): RegExp {
  return new RegExp(`</[^>]+>; rel="${relation}"`)
}

export const DISCOVERY: WireCase[] = [
  ...['service-desc', 'service-doc', 'status'].map((relation) => ({
    section: 'RFC 8631 §4',
    sent: `GET / of a client that looks for ${relation}`,
    bytes: request('GET /'),
    statuses: [200],
    headers: { link: linkTo(relation) },
  })),
  {
    section: 'RFC 9727 §3',
    sent: 'HEAD / of a client that looks for the catalog',
    bytes: request('HEAD /'),
    statuses: [200],
    headers: { link: linkTo('api-catalog') },
  },
  {
    section: 'RFC 9727 §4.2',
    sent: 'GET of the catalog',
    bytes: request(`GET ${CATALOG}`),
    statuses: [200],
    headers: { 'content-type': /^application\/linkset\+json; profile="[^"]+\/rfc9727"$/ },
    body: /"service-desc":\[\{"href":"http:\/\/localhost\/openapi\.json"/,
  },
  {
    section: 'RFC 9727 §2',
    sent: 'HEAD of the catalog',
    bytes: request(`HEAD ${CATALOG}`),
    statuses: [200],
    headers: { link: linkTo('api-catalog') },
  },
  {
    section: 'RFC 9116 §3',
    sent: 'GET of security.txt, which has no contacts',
    bytes: request('GET /.well-known/security.txt'),
    statuses: [404],
  },
]
