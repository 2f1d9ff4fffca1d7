import packageJson from '../../package.json' with { type: 'json' }
import { consolePolicy } from '../../src/http/security-fields.ts'
import { OPENAPI_PATH } from './layout.ts'
import { CONSOLE_SCRIPTS, CONSOLE_STYLESHEETS, ICON, integrityOf } from './static-files.ts'

/**
 * Returns the page of the API console, and its content security policy. The scripts of Swagger UI fill the page in the
 * browser.
 */
export async function renderConsole() {
  const scripts = await Promise.all(
    CONSOLE_SCRIPTS.map(async ({ path, read }) => ({ path, integrity: integrityOf(await read()) })),
  )
  const stylesheets = CONSOLE_STYLESHEETS.map(
    ({ path }) => `<link rel="stylesheet" href="${path}">`,
  )
  const elements = scripts.map(
    ({ path, integrity }) => `<script src="${path}" integrity="${integrity}"></script>`,
  )
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API console</title>
<link rel="icon" href="${ICON.path}" type="${ICON.mediaType}">
${stylesheets.join('\n')}
<header><a href="/"><img src="${ICON.path}" alt="" width="24" height="24">${packageJson.name}</a></header>
<div id="console" data-openapi="${OPENAPI_PATH}"></div>
<noscript>The API console needs JavaScript. <a href="${OPENAPI_PATH}">The OpenAPI document</a> does not.</noscript>
${elements.join('\n')}
</html>
`
  return { html, policy: consolePolicy(scripts.map(({ integrity }) => integrity)) }
}
