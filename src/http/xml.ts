import {
  parseXml as parseDocument,
  XmlDeclaration,
  XmlElement,
  type XmlNode,
  XmlText,
} from '@rgrove/parse-xml'
import XMLBuilder from 'fast-xml-builder'
import { messageOf } from '../error-message.ts'
import { HttpError } from './http-error.ts'
import { NESTING_LIMIT } from './nesting.ts'

/** An element as data: its children in their order, text among them. */
export interface XmlData {
  name: string
  attributes: Record<string, string>
  children: (XmlData | string)[]
}

/**
 * Reads an XML 1.0 document. Entities of its own are out of question (they expand without bound, or
 * fetch what they name), so a document type declaration is refused, not skipped.
 *
 * @returns the root element.
 * @throws {HttpError} 400 for a document that is malformed, declares a type, or nests too deeply.
 */
export function parseXml(text: string): XmlData {
  const document = parse(text)
  if (document.children.some(({ type }) => type === 'doctype')) {
    throw refusal('declares a document type')
  }
  const declaration = document.children.find((node) => node instanceof XmlDeclaration)
  if (!/^utf-8$/i.test(declaration?.encoding ?? 'utf-8')) {
    throw refusal(`declares the encoding ${declaration?.encoding}, and is read as UTF-8`)
  }
  /* c8 ignore next -- the parser refuses a document without a root; its types cannot say so */
  if (!document.root) throw refusal('has no root element')
  return elementData(document.root, 1)
}

function parse(text: string) {
  try {
    // XML 1.0 §2.11 asks for it, and the parser takes quadratic time to do it itself
    const normalized = text.replace(/\r\n?/g, '\n')
    return parseDocument(normalized, { preserveDocumentType: true, preserveXmlDeclaration: true })
  } catch (error) {
    if (error instanceof RangeError) throw refusal('nests too deeply')
    throw refusal(`is malformed: ${messageOf(error).split('\n')[0]}`)
  }
}

function elementData({ name, attributes, children }: XmlElement, depth: number): XmlData {
  if (depth > NESTING_LIMIT) throw refusal(`nests deeper than ${NESTING_LIMIT} levels`)
  const nodeData = (node: XmlNode): (XmlData | string)[] => {
    if (node instanceof XmlElement) return [elementData(node, depth + 1)]
    return node instanceof XmlText ? [node.text] : []
  }
  return { name, attributes, children: children.flatMap(nodeData) }
}

function refusal(reason: string) {
  return new HttpError('BAD_REQUEST', `the XML body ${reason}`)
}

const builder = new XMLBuilder({ preserveOrder: true, ignoreAttributes: false })

/** What may name an element; names that begin with `xml` are reserved (XML 1.0 §2.3). */
const ELEMENT_NAME = /^(?!xml)[A-Za-z_][\w.-]*$/i

/** What XML 1.0 §2.2 cannot hold, escaped or not. */
const NO_CHARACTER = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/**
 * Writes data as an XML document. A member whose name cannot name an element becomes
 * `<entry key="…">`.
 *
 * @param root the name of the root element.
 * @param item the name of the element that each member of a list becomes.
 * @param namespace the namespace of the elements, if any.
 */
export function writeXml(
  root: string,
  data: unknown,
  { item = 'item', namespace }: { item?: string; namespace?: string } = {},
): string {
  const element = {
    [root]: content(data, item),
    ...(namespace && attributes({ xmlns: namespace })),
  }
  // all carriage returns are data's, and a reader would take them for line breaks (XML 1.0 §2.11)
  const xml = builder.build([element]).replaceAll('\r', '&#13;')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`
}

function content(data: unknown, item: string): object[] {
  if (data === null || data === undefined) return []
  if (Array.isArray(data)) return data.map((each) => ({ [item]: content(each, item) }))
  if (typeof data !== 'object') return [{ '#text': legal(String(data)) }]
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      ELEMENT_NAME.test(name)
        ? { [name]: content(value, item) }
        : { entry: content(value, item), ...attributes({ key: legal(name) }) },
    )
}

function attributes(values: Record<string, string>) {
  return {
    ':@': Object.fromEntries(Object.entries(values).map(([name, value]) => [`@_${name}`, value])),
  }
}

function legal(text: string): string {
  return text.replace(NO_CHARACTER, '\uFFFD')
}
