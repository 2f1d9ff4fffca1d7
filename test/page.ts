import type { FastifyInstance, InjectOptions } from 'fastify'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import type { Test } from 'tap'
import { PAGE_FIELDS } from '../plugins/html-pages/layout.ts'
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

/** Returns the text of the first element with this name, or with this class if `name` starts with a dot. */
export function textIn(markup: string, name: string): string | undefined {
  const isWanted = name.startsWith('.')
    ? ({ attributes }: Element) => attributes.class?.split(' ').includes(name.slice(1))
    : (element: Element) => element.name === name
  return readPage(markup).elements.find(isWanted)?.text
}

/** Asserts that markup is valid HTML with the given heading and the given paragraph below the heading. */
export function expectPage(t: Test, markup: string, [heading, lead]: readonly [string, string]) {
  t.same(readPage(markup).errors, [], 'the page is valid HTML')
  t.equal(textIn(markup, 'h1'), heading, 'the page has the heading')
  t.equal(textIn(markup, '.lead'), lead, 'the page has the paragraph below the heading')
}

/** Sends a request as a browser does, and returns the HTML page. */
export async function pageOf(app: FastifyInstance, request: InjectOptions): Promise<string> {
  const { body, headers } = await app.inject({
    ...request,
    headers: { ...request.headers, accept: 'text/html' },
  })
  if (headers['content-type'] !== HTML) throw new Error('the response is not a page')
  return body
}

/** Attributes whose value may contain text from a client. */
const TEXT_ATTRIBUTES = ['data-draft', 'data-list', 'data-url', 'href', 'value']

/** Returns the elements of a page with their attributes, without text from clients. */
function skeletonOf(markup: string): string[] {
  return readPage(markup).elements.map(({ name, attributes }) => {
    const pairs = Object.entries(attributes).map(([key, value]) => {
      return TEXT_ATTRIBUTES.includes(key) ? key : `${key}=${value}`
    })
    return [name, ...pairs].join(' ')
  })
}

/** Matches the allowed link targets, which are http(s) URLs, paths of this service, and the main element. */
const TARGET = /^(?:https?:\/\/|\/(?![/\\])|#main$)/i

/**
 * Asserts that a page with hostile text has the same elements as the page with plain text, and links only to
 * allowed targets.
 */
export function expectSameMarkup(t: Test, text: string, hostile: string, plain: string) {
  const { elements, errors } = readPage(hostile)
  t.same(errors, [], `a page with ${encodeURIComponent(text)} is valid HTML`)
  t.same(
    skeletonOf(hostile),
    skeletonOf(plain),
    'the page has the same elements as with plain text',
  )
  const targets = elements.flatMap(({ attributes: { href } }) => href ?? [])
  t.same(
    targets.filter((href) => !TARGET.test(href)),
    [],
    'the page links only to allowed targets',
  )
}

/** Returns the security header fields that a response with this Content-Type must have. */
export function securityOf(contentType: unknown): Record<string, string> {
  if (contentType !== HTML) return SECURITY_FIELDS
  return { ...SECURITY_FIELDS, ...PAGE_FIELDS }
}
