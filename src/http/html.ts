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

/** Markup that `html` has written. Data from outside never becomes one, whatever its members are. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** What may stand in a template: text, markup, several of them, or nothing. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[]

/**
 * Writes markup, as a template's tag. Text in it is escaped, and is safe inside an element and between
 * the quotes of an attribute that is not a URL: what becomes one goes through `plugins/html-pages/link.ts`.
 */
export function html(strings: TemplateStringsArray, ...fragments: Fragment[]): Html {
  return new Html(
    strings.reduce((markup, string, index) => markup + write(fragments[index - 1]) + string),
  )
}

function write(fragment: Fragment): string {
  if (fragment === undefined || fragment === false) return ''
  if (fragment instanceof Html) return String(fragment)
  if (Array.isArray(fragment)) return fragment.map(write).join('')
  return escapeHtml(String(fragment))
}
