import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import type { Test } from 'tap'
import { PAGE_POLICY } from '../plugins/html-pages/assets.ts'
import { HTML } from '../src/http/media-types.ts'
import { SECURITY_FIELDS } from '../src/http/security-fields.ts'

type Node = DefaultTreeAdapterTypes.ChildNode

/** An element of a page, as a browser would have it. */
export interface Element {
  name: string
  attributes: Record<string, string>
  /** All the text in it. */
  text: string
}

/** A page as a browser reads it. */
export interface Page {
  elements: Element[]
  /** What is no HTML in it, by the codes of the HTML standard. */
  errors: string[]
}

/** Reads a page by the rules of the HTML standard. */
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

/** The text of the first element with this name, or of this class where the name begins with a dot. */
export function textIn(markup: string, name: string): string | undefined {
  const isWanted = name.startsWith('.')
    ? ({ attributes }: Element) => attributes.class?.split(' ').includes(name.slice(1))
    : (element: Element) => element.name === name
  return readPage(markup).elements.find(isWanted)?.text
}

/** Checks that markup is a page of HTML, with this heading and what is said below it. */
export function expectPage(t: Test, markup: string, [heading, lead]: readonly [string, string]) {
  t.same(readPage(markup).errors, [], 'it is HTML')
  t.equal(textIn(markup, 'h1'), heading, 'with that heading')
  t.equal(textIn(markup, '.lead'), lead, 'and that below it')
}

/** The fields by which a browser knows what a reply of this Content-Type may do. */
export function securityOf(contentType: unknown): Record<string, string> {
  if (contentType !== HTML) return SECURITY_FIELDS
  return { ...SECURITY_FIELDS, 'content-security-policy': PAGE_POLICY }
}
