import packageJson from '../../package.json' with { type: 'json' }
import { type Fragment, html } from '../../src/http/html.ts'
import { pagePolicy } from '../../src/http/security-fields.ts'
import type { Exchange } from './exchange.ts'
import { renderLink } from './link.ts'
import { ICON, integrityOf, SCRIPT, STYLESHEET } from './static-files.ts'

const { name: NAME } = packageJson

/** Path of the OpenAPI document; the OpenAPI plugin is optional. */
export const OPENAPI_PATH = '/openapi.json'

/** Links in the header of each page, if their routes exist. */
const HEADER_LINKS = { '/docs': 'Console', [OPENAPI_PATH]: 'OpenAPI' }

const SCRIPT_INTEGRITY = integrityOf(SCRIPT.read())

/**
 * Security header fields of the pages. With the policy `no-referrer` of other responses, a browser would send `Origin:
 * null` with the forms of a page (Fetch §3.2), so that they would count as forms of another site.
 */
export const PAGE_FIELDS = {
  'content-security-policy': pagePolicy(SCRIPT_INTEGRITY),
  'referrer-policy': 'same-origin',
}

interface Page extends Pick<Exchange, 'path' | 'pathPrefix' | 'isReadable'> {
  title: string
}

/** Renders a complete HTML page. Pages are usable without the stylesheet and the script. */
export function renderLayout(page: Page, main: Fragment): string {
  const { title, pathPrefix, isReadable } = page
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${pathPrefix}${ICON.path}" type="${ICON.mediaType}">
<link rel="stylesheet" href="${pathPrefix}${STYLESHEET.path}">
<script src="${pathPrefix}${SCRIPT.path}" integrity="${SCRIPT_INTEGRITY}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Service">
<a class="brand" href="${pathPrefix}/"><img src="${pathPrefix}${ICON.path}" alt="" width="24" height="24">${NAME}</a>
${Object.entries(HEADER_LINKS).map(([path, text]) => {
  const url = pathPrefix + path
  return isReadable(url) && renderLink(url, text, isReadable)
})}
</nav>
</header>
<main id="main" tabindex="-1">
${renderBreadcrumbs(page)}
${main}
</main>
</body>
</html>`}\n`
}

/** Maximum number of breadcrumbs. Each one repeats the path before it, and a path can have thousands of segments. */
const BREADCRUMBS_LIMIT = 20

/** Renders the path of the page. Parent paths that have a GET route are links. */
function renderBreadcrumbs({ path, pathPrefix, isReadable }: Page): Fragment {
  const segments = path.slice(pathPrefix.length).split('/').slice(1).filter(Boolean)
  if (segments.length === 0) return undefined
  const shown = segments.slice(0, BREADCRUMBS_LIMIT - 1)
  const rest = segments.slice(BREADCRUMBS_LIMIT - 1).join('/')
  if (rest) shown.push(rest)
  const crumbs = shown.map((segment, index) => {
    const url = `${pathPrefix}/${shown.slice(0, index + 1).join('/')}`
    const isLast = index === shown.length - 1
    return html`<li>${isLast ? html`<span aria-current="page">${segment}</span>` : renderLink(url, segment, isReadable)}</li>\n`
  })
  return html`<nav class="breadcrumbs" aria-label="Breadcrumb"><ol>
<li><a href="${pathPrefix}/">Home</a></li>
${crumbs}</ol></nav>`
}
