import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { type IsReadable, writeLink } from './link.ts'

/** Where a value stands. */
interface Place {
  /** The path of the page, without its query. */
  path: string
  isReadable: IsReadable
  /** The value's place in the document, as a JSON Pointer (RFC 6901). */
  pointer: string
  /** The end of a line, and what the next begins with. */
  line: string
}

/** The items of a list. */
const ITEM = /^\/items\/\d+$/

/**
 * Writes a JSON document as `JSON.stringify` does with two spaces, and links in it: of texts that are
 * URLs, and of items of a list to what the API has below the list's path under their names.
 *
 * @param path of the page, without its query.
 */
export function writeJson(document: unknown, path: string, isReadable: IsReadable): Html {
  return html`${writeValue(document, { path, isReadable, pointer: '', line: '\n' })}`
}

function writeValue(value: unknown, place: Place): Fragment {
  if (typeof value === 'string') {
    const link = writeLink(value, JSON.stringify(value), place.isReadable)
    return html`<span class="string">${link}</span>`
  }
  if (typeof value !== 'object' || value === null) {
    return html`<span class="literal">${JSON.stringify(value)}</span>`
  }
  const lines = Object.entries(value).map(([name, member]) =>
    writeMember(name, member, value, place),
  )
  return writeBlock(Array.isArray(value) ? '[]' : '{}', lines, place.line)
}

function writeMember(name: string, value: unknown, whole: object, place: Place): Fragment {
  const pointer = `${place.pointer}/${name}`
  const written = writeValue(value, { ...place, pointer, line: `${place.line}  ` })
  if (Array.isArray(whole)) return written
  const isNamedHere = ITEM.test(place.pointer)
  if (isNamedHere && name === 'id')
    return html`${writeName(name)}: ${linkItem(value, written, place)}`
  const isOnly = isNamedHere && Object.keys(whole).length === 1
  return html`${isOnly ? linkItem(name, writeName(name), place) : writeName(name)}: ${written}`
}

function writeName(name: string): Html {
  return html`<span class="name">${JSON.stringify(name)}</span>`
}

/** Links an item by its name: the member `id`, or the one member that it has. */
function linkItem(name: unknown, text: Fragment, { path, isReadable }: Place): Fragment {
  return writeLink(`${path}/${encodeURIComponent(String(name))}`, text, isReadable)
}

function writeBlock(brackets: string, lines: Fragment[], line: string): Fragment {
  if (lines.length === 0) return brackets
  const separated = lines.map((each, index) => [index > 0 && ',', line, '  ', each])
  return [brackets[0], separated, line, brackets[1]]
}
