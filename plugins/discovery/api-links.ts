/** A document about the API. */
export interface ApiLink {
  path: string
  /** Relation of the document to the API (RFC 8631 §4, RFC 9727 §3). */
  relation: 'service-desc' | 'service-doc' | 'status' | 'api-catalog'
  mediaType: string
}

export const CATALOG_PATH = '/.well-known/api-catalog'

/** Media type of the catalog (RFC 9264 §4.2), with the profile of RFC 9727 §4.2. */
export const LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'

/** Documents that the plugins of this service can serve. */
export const KNOWN_LINKS: ApiLink[] = [
  { path: '/openapi.json', relation: 'service-desc', mediaType: 'application/json' },
  { path: '/openapi.yaml', relation: 'service-desc', mediaType: 'application/yaml' },
  { path: '/docs', relation: 'service-doc', mediaType: 'text/html' },
  { path: '/health/ready', relation: 'status', mediaType: 'application/json' },
  { path: CATALOG_PATH, relation: 'api-catalog', mediaType: 'application/linkset+json' },
]

/** Writes the value of Link (RFC 8288 §3). */
export function writeLinks(links: readonly ApiLink[]): string {
  return links
    .map(({ path, relation, mediaType }) => `<${path}>; rel="${relation}"; type="${mediaType}"`)
    .join(', ')
}

/**
 * Returns the catalog of one API as a linkset (RFC 9264 §4.2): the API as an item of the catalog, and the documents of
 * the API.
 *
 * @param urlOf returns the absolute URL of a path
 */
export function apiCatalog(links: readonly ApiLink[], urlOf: (path: string) => string) {
  const documents = links.filter(({ relation }) => relation !== 'api-catalog')
  const byRelation = Object.groupBy(documents, ({ relation }) => relation)
  const targets = Object.entries(byRelation).map(([relation, links]) => [
    relation,
    links.map(({ path, mediaType }) => ({ href: urlOf(path), type: mediaType })),
  ])
  const api = urlOf('/')
  return {
    linkset: [
      { anchor: urlOf(CATALOG_PATH), item: [{ href: api }] },
      { anchor: api, ...Object.fromEntries(targets) },
    ],
  }
}
