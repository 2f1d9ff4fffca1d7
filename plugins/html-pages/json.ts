import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { type IsReadable, renderLink } from './link.ts'

/** Maximum length of the JSON on a page, in characters. Markup and escapes make it several times as long. */
export const SHOWN_CHARACTERS = 65_536

interface Context {
  /** The path of the page, without the query. */
  path: string
  isReadable: IsReadable
  /** JSON Pointer of the value (RFC 6901). */
  pointer: string
  /** A line feed followed by the indentation. */
  line: string
  shown: Shown
}

/** Counts the characters that are shown. */
interface Shown {
  /** Characters that can still be shown; negative if some were cut off. */
  left: number
}

/** Matches the JSON Pointer of an item of a list. */
const ITEM = /^\/items\/\d+$/

/**
 * Renders a JSON document like `JSON.stringify` with two spaces. Strings that are URLs become links. Each item of a
 * list becomes a link to the path of the list followed by the id of the item.
 *
 * @param path of the page, without the query
 * @returns the first SHOWN_CHARACTERS of the document
 */
export function renderJson(
  document: unknown,
  path: string,
  isReadable: IsReadable,
): { markup: Html; isCut: boolean } {
  const shown = { left: SHOWN_CHARACTERS }
  const value = renderValue(document, { path, isReadable, pointer: '', line: '\n', shown })
  return { markup: html`${value}`, isCut: shown.left < 0 }
}

/** Returns the part of a text that can be shown. Call this in the order of the document. */
function cut(text: string, shown: Shown): string {
  const start = text.slice(0, Math.max(0, shown.left))
  shown.left -= text.length
  return start
}

function renderValue(value: unknown, context: Context): Fragment {
  const { shown } = context
  if (typeof value === 'string') {
    // The end of a longer string would be cut off anyway.
    const text = cut(JSON.stringify(value.slice(0, Math.max(0, shown.left) + 1)), shown)
    return html`<span class="string">${linkTo(value, text, context)}</span>`
  }
  if (typeof value !== 'object' || value === null) {
    return html`<span class="literal">${cut(JSON.stringify(value), shown)}</span>`
  }
  return renderBlock(value, context)
}

function renderBlock(value: object, context: Context): Fragment {
  const { line, shown } = context
  const entries = Object.entries(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (entries.length === 0) return cut(`${open}${close}`, shown)
  const fragments: Fragment[] = [cut(String(open), shown)]
  for (const [index, [name, member]] of entries.entries()) {
    if (shown.left < 0) break
    fragments.push(cut(`${index > 0 ? ',' : ''}${line}  `, shown))
    fragments.push(renderMember(name, member, value, context))
  }
  return [fragments, cut(`${line}${close}`, shown)]
}

function renderMember(name: string, value: unknown, parent: object, context: Context): Fragment {
  const pointer = `${context.pointer}/${name}`
  const inner = { ...context, pointer, line: `${context.line}  ` }
  if (Array.isArray(parent)) return renderValue(value, inner)
  const isItem = ITEM.test(context.pointer)
  const isOnly = isItem && Object.keys(parent).length === 1
  const label = html`<span class="name">${cut(JSON.stringify(name), context.shown)}</span>`
  const linked = isOnly && name !== 'id' ? linkItem(name, label, context) : label
  const colon = cut(': ', context.shown)
  const written = renderValue(value, inner)
  return [linked, colon, isItem && name === 'id' ? linkItem(value, written, context) : written]
}

/** Links an item of a list. The id is the member `id`, or the name of the only member. */
function linkItem(id: unknown, text: Fragment, context: Context): Fragment {
  return linkTo(`${context.path}/${encodeURIComponent(String(id))}`, text, context)
}

/** Links a text unless it is cut, since its target can be as long as the document. */
function linkTo(target: string, text: Fragment, { isReadable, shown }: Context): Fragment {
  return shown.left < 0 ? text : renderLink(target, text, isReadable)
}
