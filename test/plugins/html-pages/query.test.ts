import t, { type Test } from 'tap'
import { queryParameters, renderQueryForms } from '../../../plugins/html-pages/query.ts'
import { html } from '../../../src/http/html.ts'
import type { RouteInfo } from '../../../src/http/route-info.ts'
import { type Element, readPage } from '../../page.ts'

const properties = {
  limit: { type: 'integer', description: 'Number of items' },
  ratio: { type: 'number', description: 'Ratio' },
  sort: { enum: ['id', '-id'], description: 'Order' },
  q: { type: 'string', description: 'Words' },
  after: { type: 'string', format: 'cursor', description: 'Cursor' },
}

function routeWith(querystring?: object): RouteInfo {
  return { method: 'GET', path: '/books', schema: { querystring } }
}

/** Renders the forms for a query, and returns the elements of each form by the label of the form. */
function formsOf(
  t: Test,
  query: string,
  parameters: object = properties,
  combinations?: string[][],
) {
  const querystring = { properties: parameters, 'x-combinations': combinations }
  const forms = renderQueryForms(routeWith(querystring), new URLSearchParams(query))
  const { elements, errors } = readPage(`<!doctype html><title>A</title>${html`${forms}`}`)
  t.same(errors, [], 'the markup is valid HTML')
  const of: Record<string, Element[]> = {}
  let form: Element[] = []
  for (const element of elements) {
    if (element.name === 'form') form = []
    form.push(element)
    if (element.name === 'label') of[element.text] = form
  }
  return of
}

function controlsOf(form: Element[] = []) {
  return form.flatMap(({ name, attributes }) =>
    ['input', 'select'].includes(name)
      ? [[attributes.name, attributes.type, attributes.value]]
      : [],
  )
}

function optionsOf(form: Element[]) {
  const options = form.filter(({ name }) => name === 'option')
  const selected = options.filter(({ attributes }) => attributes.selected !== undefined)
  return { all: options.map(({ text }) => text), selected: selected.map(({ text }) => text) }
}

t.test('each query parameter except cursors has a form', async (t) => {
  t.same(Object.keys(formsOf(t, '')), ['limit', 'ratio', 'sort', 'q'])
  t.same(queryParameters(routeWith()), [], 'a route without a query has no form')
})

t.test(
  'a form has an input for the type of its parameter, with a label and a description',
  async (t) => {
    const { limit = [], ratio, sort = [], q } = formsOf(t, '')
    t.same(controlsOf(limit), [['limit', 'number', '']])
    t.same(controlsOf(ratio), [['ratio', 'number', '']])
    t.same(controlsOf(q), [['q', 'text', '']])
    t.same(controlsOf(sort), [['sort', undefined, undefined]])
    t.same(optionsOf(sort), { all: ['id', '-id'], selected: [] })
    const find = (key: string) => limit.find(({ attributes }) => attributes[key] !== undefined)
    const input = limit.find(({ name }) => name === 'input')
    t.equal(find('for')?.attributes.for, input?.attributes.id)
    const about = limit.find(
      ({ attributes }) => attributes.id === input?.attributes['aria-describedby'],
    )
    t.equal(about?.text, 'Number of items')
  },
)

t.test('an input for numbers has no value that is not a number', async (t) => {
  const { limit, q } = formsOf(t, 'limit=abc&q=abc')
  t.same(controlsOf(limit)[0], ['limit', 'number', ''])
  t.same(controlsOf(q)[0], ['q', 'text', 'abc'])
})

t.test('a form shows the current value and keeps the other parameters', async (t) => {
  const { limit, sort = [], q } = formsOf(t, 'limit=2&sort=-id&q=a%22&after=x&other=y')
  t.same(controlsOf(limit), [
    ['limit', 'number', '2'],
    ['sort', 'hidden', '-id'],
    ['q', 'hidden', 'a"'],
  ])
  t.same(controlsOf(q)[0], ['q', 'text', 'a"'])
  t.same(optionsOf(sort), { all: ['id', '-id'], selected: ['-id'] })
})

t.test(
  'a parameter with choices has a select element, in which several can be selected if it is an array',
  async (t) => {
    const choices = {
      state: { type: 'array', items: { enum: ['open', 'done', 'draft'] } },
      pinned: { type: 'boolean' },
      tag: { type: 'array', items: { type: 'string' } },
    }
    const {
      state = [],
      pinned = [],
      tag,
    } = formsOf(t, 'state=open&state=draft&pinned=false&tag=a', choices)
    t.same(optionsOf(state), { all: ['open', 'done', 'draft'], selected: ['open', 'draft'] })
    t.same(optionsOf(pinned), { all: ['true', 'false'], selected: ['false'] })
    const isMultiple = (form: Element[]) =>
      form.find(({ name }) => name === 'select')?.attributes.multiple !== undefined
    t.same([isMultiple(state), isMultiple(pinned)], [true, false])
    t.same(controlsOf(tag)[0], ['tag', 'text', 'a'])
    t.same(controlsOf(pinned).slice(1), [
      ['state', 'hidden', 'open'],
      ['state', 'hidden', 'draft'],
      ['tag', 'hidden', 'a'],
    ])
  },
)

t.test(
  'each combination of several filters has a form, all of whose fields are required',
  async (t) => {
    const forms = formsOf(t, 'limit=2&q=a&ratio=1', properties, [['ratio', 'q']])
    const { q: combined = [] } = forms
    t.same(controlsOf(combined), [
      ['ratio', 'number', '1'],
      ['q', 'text', 'a'],
    ])
    const inputs = combined.filter(({ name }) => name === 'input')
    t.ok(inputs.every(({ attributes }) => attributes.required !== undefined))
    const button = combined.find(({ name }) => name === 'button')
    t.equal(button?.attributes['aria-label'], 'Set ratio and q')
  },
)
