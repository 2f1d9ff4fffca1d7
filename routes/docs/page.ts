/** A script that the page loads. */
export interface Script {
  /** Relative to the page. */
  url: string
  /** What it is known by (Subresource Integrity §3.1). */
  integrity: string
}

/** Writes the page of the console; all that it does is in its scripts. */
export function writeConsole(contract: string, style: string, scripts: Script[]): string {
  const elements = scripts.map(
    ({ url, integrity }) => `<script src="${url}" integrity="${integrity}"></script>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Console</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<div id="console" data-contract="${contract}"></div>
<noscript>The console needs JavaScript; <a href="${contract}">the contract</a> does not.</noscript>
${elements.join('\n')}
</html>
`
}
