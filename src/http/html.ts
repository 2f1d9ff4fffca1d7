const ENTITIES = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
} as const

/** Escapes text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  // The cast holds because the expression matches only keys of the table.
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character as keyof typeof ENTITIES])
}

/** Markup written by `html`. A class, so that parsed data is never treated as markup. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

/** Value of a template placeholder: text, markup, a list of them, or nothing. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[]

/**
 * Template tag that writes markup and escapes text. Escaped text is safe in an element and in a quoted attribute,
 * but not as a URL: use `renderLink` of `plugins/html-pages/link.ts` for URLs.
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
