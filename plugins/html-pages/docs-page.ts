import packageJson from '../../package.json' with { type: 'json' }
import { ICON } from './assets.ts'

/** A script that the page loads. */
export interface Script {
  /** Relative to the page. */
  url: string
  /** What it is known by (Subresource Integrity §3.1). */
  integrity: string
}

/** Writes the page of the console; all that it does is in its scripts. */
export function writeConsole(contract: string, styles: string[], scripts: Script[]): string {
  const links = styles.map((url) => `<link rel="stylesheet" href="${url}">`)
  const elements = scripts.map(
    ({ url, integrity }) => `<script src="${url}" integrity="${integrity}"></script>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Console</title>
<link rel="icon" href="${ICON.path}" type="${ICON.mediaType}">
${links.join('\n')}
<header><a href="/"><img src="${ICON.path}" alt="" width="24" height="24">${packageJson.name}</a></header>
<div id="console" data-contract="${contract}"></div>
<noscript>The console needs JavaScript; <a href="${contract}">the contract</a> does not.</noscript>
${elements.join('\n')}
</html>
`
}
