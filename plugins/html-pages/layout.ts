import packageJson from '../../package.json' with { type: 'json' }
import { type Fragment, html } from '../../src/http/html.ts'
import { ICON, SCRIPT, STYLESHEET } from './assets.ts'
import { type IsReadable, writeLink } from './link.ts'

/** What the service is called. */
const { name: NAME } = packageJson

/** Where a reader may want to go from any page, as far as it is there. */
const DESTINATIONS = { '/docs': 'Console', '/openapi.json': 'OpenAPI' }

/**
 * Writes a whole page, which is text, links and forms without its style and its script too.
 *
 * @param title of its tab.
 * @param path of the page, without its query.
 */
export function renderPage(
  title: string,
  path: string,
  isReadable: IsReadable,
  main: Fragment,
): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${ICON.path}" type="${ICON.mediaType}">
<link rel="stylesheet" href="${STYLESHEET.path}">
<script src="${SCRIPT.path}" integrity="${SCRIPT.integrity}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Service">
<a class="brand" href="/"><img src="${ICON.path}" alt="" width="24" height="24">${NAME}</a>
${Object.entries(DESTINATIONS).map(
  ([destination, text]) => isReadable(destination) && writeLink(destination, text, isReadable),
)}
</nav>
</header>
<main id="main" tabindex="-1">
${writeBreadcrumbs(path, isReadable)}
${main}
</main>
</body>
</html>`}\n`
}

/** The way from the root to this page, as far as it can be read. */
function writeBreadcrumbs(path: string, isReadable: IsReadable): Fragment {
  const segments = path.split('/').slice(1).filter(Boolean)
  if (segments.length === 0) return undefined
  const crumbs = segments.map((segment, index) => {
    const here = `/${segments.slice(0, index + 1).join('/')}`
    const isLast = index === segments.length - 1
    return html`<li>${isLast ? html`<span aria-current="page">${segment}</span>` : writeLink(here, segment, isReadable)}</li>\n`
  })
  return html`<nav class="breadcrumbs" aria-label="Breadcrumb"><ol>
<li><a href="/">Home</a></li>
${crumbs}</ol></nav>`
}
