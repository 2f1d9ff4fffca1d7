/**
 * Escapes control characters in log lines. JSON does not escape DEL and U+0080 to U+009F, but some terminals obey
 * them. Programs may end a line at U+0085, U+2028 and U+2029.
 */
const CONTROLS = /[\x7f-\x9f\u2028\u2029]/g

/** Returns a JSON text in which these characters are JSON escapes. */
export function escapeControls(json: string): string {
  return json.replace(CONTROLS, escapeOf)
}

/** Returns a JSON text in which these characters are escapes that remain in the text after parsing. */
export function escapeControlsTwice(json: string): string {
  return json.replace(CONTROLS, (control) => `\\${escapeOf(control)}`)
}

function escapeOf(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
}
