const ENTITIES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
} as const

/** Makes text safe inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  // the expression matches what the table has
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character as keyof typeof ENTITIES])
}

/** A whole page: a title and text that keeps its line breaks. Both are text: markup in them is shown. */
export function writePage(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<pre>${escapeHtml(text)}</pre>
</html>
`
}
