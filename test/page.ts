import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import type { Test } from 'tap'
import { PAGE_POLICY } from '../plugins/html-pages/layout.ts'
import { HTML } from '../src/http/media-types.ts'
import { SECURITY_FIELDS } from '../src/http/security-fields.ts'

type Node = DefaultTreeAdapterTypes.ChildNode

/** An element of a parsed page. */
export interface Element {
  name: string
  attributes: Record<string, string>
  /** Text content, including that of descendants. */
  text: string
}

/** A parsed page. */
interface Page {
  elements: Element[]
  /** Codes of parse errors, as in the HTML standard. */
  errors: string[]
}

/** Parses a page by the rules of the HTML standard, as browsers do. */
export function readPage(markup: string): Page {
  const errors: string[] = []
  const document = parse(markup, { onParseError: ({ code }) => errors.push(code) })
  return { elements: document.childNodes.flatMap(elementsIn), errors }
}

function elementsIn(node: Node): Element[] {
  if (!('tagName' in node)) return []
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]))
  const element = { name: node.tagName, attributes, text: textOf(node) }
  return [element, ...node.childNodes.flatMap(elementsIn)]
}

function textOf(node: Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

/** Returns the text of the first element with a name, or with a class if it starts with a dot. */
export function textIn(markup: string, name: string): string | undefined {
  const isWanted = name.startsWith('.')
    ? ({ attributes }: Element) => attributes.class?.split(' ').includes(name.slice(1))
    : (element: Element) => element.name === name
  return readPage(markup).elements.find(isWanted)?.text
}

/** Checks that markup is valid HTML with this heading and this paragraph below it. */
export function expectPage(t: Test, markup: string, [heading, lead]: readonly [string, string]) {
  t.same(readPage(markup).errors, [], 'it is valid HTML')
  t.equal(textIn(markup, 'h1'), heading, 'with the heading')
  t.equal(textIn(markup, '.lead'), lead, 'and the paragraph below it')
}

/** Returns the security header fields of a response with this Content-Type. */
export function securityOf(contentType: unknown): Record<string, string> {
  if (contentType !== HTML) return SECURITY_FIELDS
  return { ...SECURITY_FIELDS, 'content-security-policy': PAGE_POLICY }
}
