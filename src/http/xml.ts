import {
  parseXml as parseDocument,
  XmlDeclaration,
  XmlElement,
  type XmlNode,
  XmlText,
} from '@rgrove/parse-xml'
import XMLBuilder from 'fast-xml-builder'
import { messageOf } from '../error-message.ts'
import { type BodyOptions, checkCount, NESTING_LIMIT, tooManyValues } from './body-options.ts'
import { HttpError } from './http-error.ts'
import { XML } from './media-types.ts'
import { encodingOf } from './text.ts'

/** A parsed element; children are elements and text, in document order. */
export interface XmlData {
  name: string
  attributes: Record<string, string>
  children: (XmlData | string)[]
}

/**
 * Matches the beginning of each element and of each value of an attribute. Also matches comments, CDATA sections and
 * instructions, which take as much time, and an equal sign before a quote in a text.
 */
const MARKUP = /<(?!\/)|=[ \t\r\n]*["']/g

/**
 * References such as `&amp;`, and characters, that are allowed for each element, since as many take about as much time. The
 * parser takes longest for references beside characters beyond U+00FF, and for the position of an error.
 */
const REFERENCES_PER_ELEMENT = 2
const CHARACTERS_PER_ELEMENT = 50

/**
 * Parses an XML 1.0 document. Refuses a document type declaration, since its entities can expand without limit, or
 * read files and URLs (XXE).
 *
 * @returns the root element
 * @throws {HttpError} 400 for a document that is malformed, has a document type declaration, or is nested too deeply;
 * 413 for too many elements, attributes, references and characters; 415 for a declared encoding other than UTF-8
 */
export function parseXml(
  text: string,
  { maxValues = Number.POSITIVE_INFINITY }: BodyOptions = {},
): XmlData {
  const maxLength = CHARACTERS_PER_ELEMENT * maxValues
  if (text.length > maxLength) throw tooManyValues(maxLength, 'characters of XML')
  checkCount(text, MARKUP, maxValues, 'XML elements and attributes')
  checkCount(text, /&/g, REFERENCES_PER_ELEMENT * maxValues, 'XML references')
  const document = parse(text)
  if (document.children.some(({ type }) => type === 'doctype')) {
    throw badRequest('must not have a document type declaration')
  }
  const declaration = document.children.find((node) => node instanceof XmlDeclaration)
  const { encoding } = declaration ?? {}
  if (encoding && encodingOf(encoding) !== 'utf-8') {
    const detail = `the XML body declares the encoding ${encoding}; supported: UTF-8`
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', detail, { headers: { accept: XML } })
  }
  /* c8 ignore next -- the parser refuses a document without a root, but the parser's types do not say so */
  if (!document.root) throw badRequest('has no root element')
  return elementData(document.root, 1)
}

function parse(text: string) {
  try {
    // XML 1.0 §2.11 requires normalized line ends. The parser would normalize them in quadratic time.
    const normalized = text.replace(/\r\n?/g, '\n')
    return parseDocument(normalized, { preserveDocumentType: true, preserveXmlDeclaration: true })
  } catch (error) {
    if (error instanceof RangeError) throw badRequest('is nested too deeply')
    throw badRequest(`is malformed: ${messageOf(error).split('\n')[0]}`)
  }
}

function elementData({ name, attributes, children }: XmlElement, depth: number): XmlData {
  if (depth > NESTING_LIMIT) throw badRequest(`is nested more than ${NESTING_LIMIT} levels deep`)
  const nodeData = (node: XmlNode): (XmlData | string)[] => {
    if (node instanceof XmlElement) return [elementData(node, depth + 1)]
    return node instanceof XmlText ? [node.text] : []
  }
  return { name, attributes, children: children.flatMap(nodeData) }
}

function badRequest(reason: string) {
  return new HttpError('BAD_REQUEST', `the XML body ${reason}`)
}

// The builder would replace each character in a pass of its own, and quotes in texts too.
const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  processEntities: false,
})

/** Names that elements can have here. Names that begin with `xml` are reserved (XML 1.0 §2.3). */
const ELEMENT_NAME = /^(?!xml)[A-Za-z_][\w.-]*$/i

/** Characters to escape, and those that XML 1.0 §2.2 does not allow, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const UNSAFE = /[&<>\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]/

/** Parsers convert a literal carriage return to a line feed (XML 1.0 §2.11), so carriage returns are escaped. */
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

const LONGEST_ESCAPE = 5 // bytes

/** Replacements of ASCII characters, by their code: one character in UTF-8, or an escape. */
const REPLACEMENTS = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return [...Buffer.from(ESCAPES[character] ?? (UNSAFE.test(character) ? '\uFFFD' : character))]
})

/**
 * Converts JSON data to an XML document. A member becomes `<entry key="…">` if its name is not an XML name.
 *
 * @param root name of the root element
 * @param item element name of list items
 * @param namespace XML namespace of the elements
 */
export function formatXml(
  root: string,
  data: unknown,
  { item = 'item', namespace }: { item?: string; namespace?: string } = {},
): string {
  const element = {
    [root]: content(data, item),
    ...(namespace && attributes({ xmlns: namespace })),
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build([element])}\n`
}

function content(data: unknown, item: string): object[] {
  if (data === null || data === undefined) return []
  if (Array.isArray(data)) return data.map((each) => ({ [item]: content(each, item) }))
  if (typeof data !== 'object') return [{ '#text': escapeXml(String(data)) }]
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      ELEMENT_NAME.test(name)
        ? { [name]: content(value, item) }
        : { entry: content(value, item), ...attributes({ key: name }) },
    )
}

function attributes(values: Record<string, string>) {
  return {
    ':@': Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `@_${name}`,
        escapeXml(value).replaceAll('"', '&quot;'),
      ]),
    ),
  }
}

/**
 * Escapes text, and replaces characters that XML cannot contain with U+FFFD. Works on bytes, since replacements in strings
 * take several times as long if there is one for each character.
 */
function escapeXml(text: string): string {
  if (!UNSAFE.test(text)) return text
  const bytes = Buffer.from(text.toWellFormed().replace(/[\ufffe\uffff]/g, '\uFFFD'))
  const escaped = Buffer.allocUnsafe(bytes.length * LONGEST_ESCAPE)
  let length = 0
  // Indexes, since iterators would be objects.
  for (let index = 0; index < bytes.length; index++) {
    const byte = Number(bytes[index])
    const replacement = REPLACEMENTS[byte] ?? [byte]
    for (let each = 0; each < replacement.length; each++) {
      escaped[length++] = Number(replacement[each])
    }
  }
  return escaped.toString('utf8', 0, length)
}
