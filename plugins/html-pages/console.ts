import packageJson from '../../package.json' with { type: 'json' }
import { html } from '../../src/http/html.ts'
import { consolePolicy } from '../../src/http/security-fields.ts'
import { OPENAPI_PATH } from './layout.ts'
import { CONSOLE_SCRIPTS, CONSOLE_STYLESHEETS, ICON, integrityOf } from './static-files.ts'

/**
 * Returns a function that renders the page of the API console for a path prefix, and the page's content security policy.
 * The scripts of Swagger UI fill the page in the browser.
 */
export async function prepareConsole() {
  const scripts = await Promise.all(
    CONSOLE_SCRIPTS.map(async ({ path, read }) => ({ path, integrity: integrityOf(await read()) })),
  )
  const policy = consolePolicy(scripts.map(({ integrity }) => integrity))
  return { render: (pathPrefix: string) => renderConsole(scripts, pathPrefix), policy }
}

function renderConsole(scripts: { path: string; integrity: string }[], pathPrefix: string): string {
  return String(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API console</title>
<link rel="icon" href="${pathPrefix}${ICON.path}" type="${ICON.mediaType}">
${CONSOLE_STYLESHEETS.map(({ path }) => html`<link rel="stylesheet" href="${pathPrefix}${path}">\n`)}<header><a href="${pathPrefix}/"><img src="${pathPrefix}${ICON.path}" alt="" width="24" height="24">${packageJson.name}</a></header>
<div id="console" data-openapi="${pathPrefix}${OPENAPI_PATH}"></div>
<noscript>The API console needs JavaScript. <a href="${pathPrefix}${OPENAPI_PATH}">The OpenAPI document</a> does not.</noscript>
${scripts.map(({ path, integrity }) => html`<script src="${pathPrefix}${path}" integrity="${integrity}"></script>\n`)}</html>
`)
}
