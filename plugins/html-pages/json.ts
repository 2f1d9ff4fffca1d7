import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { type IsReadable, renderLink } from './link.ts'

interface Context {
  /** The path of the page, without the query. */
  path: string
  isReadable: IsReadable
  /** JSON Pointer of the value (RFC 6901). */
  pointer: string
  /** A line feed followed by the indentation. */
  line: string
}

/** Matches the JSON Pointer of an item of a list. */
const ITEM = /^\/items\/\d+$/

/**
 * Renders a JSON document like `JSON.stringify` with two spaces. Strings that are URLs become links. Each item of a
 * list becomes a link to the path of the list followed by the id of the item.
 *
 * @param path of the page, without the query
 */
export function renderJson(document: unknown, path: string, isReadable: IsReadable): Html {
  return html`${renderValue(document, { path, isReadable, pointer: '', line: '\n' })}`
}

function renderValue(value: unknown, context: Context): Fragment {
  if (typeof value === 'string') {
    const link = renderLink(value, JSON.stringify(value), context.isReadable)
    return html`<span class="string">${link}</span>`
  }
  if (typeof value !== 'object' || value === null) {
    return html`<span class="literal">${JSON.stringify(value)}</span>`
  }
  const lines = Object.entries(value).map(([name, member]) =>
    renderMember(name, member, value, context),
  )
  return renderBlock(Array.isArray(value) ? '[]' : '{}', lines, context.line)
}

function renderMember(name: string, value: unknown, parent: object, context: Context): Fragment {
  const pointer = `${context.pointer}/${name}`
  const written = renderValue(value, { ...context, pointer, line: `${context.line}  ` })
  if (Array.isArray(parent)) return written
  const isItem = ITEM.test(context.pointer)
  if (isItem && name === 'id')
    return html`${renderName(name)}: ${linkItem(value, written, context)}`
  const isOnly = isItem && Object.keys(parent).length === 1
  return html`${isOnly ? linkItem(name, renderName(name), context) : renderName(name)}: ${written}`
}

function renderName(name: string): Html {
  return html`<span class="name">${JSON.stringify(name)}</span>`
}

/** Links an item of a list. The id is the member `id`, or the name of the only member. */
function linkItem(id: unknown, text: Fragment, { path, isReadable }: Context): Fragment {
  return renderLink(`${path}/${encodeURIComponent(String(id))}`, text, isReadable)
}

function renderBlock(brackets: string, lines: Fragment[], line: string): Fragment {
  if (lines.length === 0) return brackets
  const separated = lines.map((each, index) => [index > 0 && ',', line, '  ', each])
  return [brackets[0], separated, line, brackets[1]]
}
