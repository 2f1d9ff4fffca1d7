import packageJson from '../../package.json' with { type: 'json' }
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { pagePolicy } from '../../src/http/security-fields.ts'
import type { Exchange } from './exchange.ts'
import { renderLink } from './link.ts'
import { ICON, integrityOf, SCRIPT, STYLESHEET } from './static-files.ts'

const { name: NAME } = packageJson

/** Path of the list of operations. */
export const REFERENCE_PATH = '/docs'

/** Path of the OpenAPI document; the OpenAPI plugin is optional. */
export const OPENAPI_PATH = '/openapi.json'

/** Links in the header of each page, if their routes exist. */
const HEADER_LINKS = {
  Resources: '/#resources',
  Reference: REFERENCE_PATH,
  OpenAPI: OPENAPI_PATH,
}

const SCRIPT_INTEGRITY = integrityOf(SCRIPT.content)

/**
 * Security header fields of the pages. With the policy `no-referrer` of other responses, a browser would send `Origin:
 * null` with the forms of a page (Fetch §3.2), so that they would count as forms of another site.
 */
export const PAGE_FIELDS = {
  'content-security-policy': pagePolicy(SCRIPT_INTEGRITY),
  'referrer-policy': 'same-origin',
}

export interface Page extends Pick<Exchange, 'pathPrefix' | 'isReadable'> {
  title: string
  /** Values of `aria-current` in the header: `page` for a link to this page, `true` for a link to its section. */
  current?: Partial<Record<keyof typeof HEADER_LINKS, 'page' | 'true'>>
  /** Pages above this one, by name, then the name of this page. Empty for the start page. */
  crumbs: Crumb[]
}

export interface Crumb {
  name: string
  /** Path, as the client sees it; text without a path is not a link. */
  path?: string
}

/**
 * Renders a complete HTML page. Pages are usable without the stylesheet and the script.
 *
 * @param aside shown beside the main part
 */
export function renderLayout(page: Page, main: Fragment, aside?: Html): string {
  const { title, pathPrefix, crumbs } = page
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${pathPrefix}${ICON.path}" type="${ICON.mediaType}">
<link rel="stylesheet" href="${pathPrefix}${STYLESHEET.path}">
<script src="${pathPrefix}${SCRIPT.path}" integrity="${SCRIPT_INTEGRITY}" type="module"></script>
</head>
<body${aside && html` class="wide"`}>
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Service">
<a class="brand" href="${pathPrefix}/"><img src="${pathPrefix}${ICON.path}" alt="" width="24" height="24">${NAME}</a>
${renderHeaderLinks(page)}
</nav>
</header>
${aside}
<main id="main" tabindex="-1">
${crumbs.length > 0 && renderCrumbs(page)}
${main}
</main>
</body>
</html>`}\n`
}

function renderHeaderLinks({ pathPrefix, isReadable, current = {} }: Page): Fragment {
  // Object.entries() does not type the names of a literal.
  const links = Object.entries(HEADER_LINKS) as [keyof typeof HEADER_LINKS, string][]
  return links.map(([name, path]) => {
    const value = current[name]
    const url = pathPrefix + path
    return (
      isReadable(url) &&
      html`<a href="${url}"${value && html` aria-current="${value}"`}>${name}</a>\n`
    )
  })
}

/** Maximum number of breadcrumbs. Each one repeats the path before it, and a path can have thousands of segments. */
const CRUMBS_LIMIT = 20

/** Returns the breadcrumbs of a resource: the segments of its path. */
export function crumbsOf({ path, pathPrefix }: Pick<Exchange, 'path' | 'pathPrefix'>): Crumb[] {
  const segments = path.slice(pathPrefix.length).split('/').slice(1).filter(Boolean)
  const shown = segments.slice(0, CRUMBS_LIMIT - 1)
  const rest = segments.slice(CRUMBS_LIMIT - 1).join('/')
  if (rest) shown.push(rest)
  const crumbs = shown.map((name, index) => {
    return { name, path: `${pathPrefix}/${shown.slice(0, index + 1).join('/')}` }
  })
  return [{ name: 'Home', path: `${pathPrefix}/` }, ...crumbs]
}

/** Renders the breadcrumbs. Those with a GET route are links, except the page itself. */
function renderCrumbs({ crumbs, isReadable }: Page): Html {
  const items = crumbs.map(({ name, path }, index) => {
    const isLast = index === crumbs.length - 1
    const text = isLast ? html`<span aria-current="page">${name}</span>` : name
    return html`<li>${isLast || path === undefined ? text : renderLink(path, text, isReadable)}</li>\n`
  })
  return html`<nav class="breadcrumbs" aria-label="Breadcrumb"><ol>
${items}</ol></nav>`
}
