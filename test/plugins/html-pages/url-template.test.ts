import t from 'tap'
import { fillTemplate, templateOf } from '../../../plugins/html-pages/url-template.ts'

const TEMPLATES: [path: string, template: string][] = [
  ['/notes', '/notes'],
  ['/notes/:id/parts/:part', '/notes/{id}/parts/{part}'],
  ['/a/:id(^\\d+(?:x)$)/b', '/a/{id}/b'],
  ['/files/*', '/files/{path}'],
]

for (const [path, template] of TEMPLATES) {
  t.test(`templateOf(${path}) returns ${template}`, async (t) => {
    t.equal(templateOf(path), template)
  })
}

t.test('fillTemplate() encodes values, and keeps parameters without a value', async (t) => {
  t.equal(fillTemplate('/a/{b}/{c}/{d}', { b: 'x/y z', c: '' }), '/a/x%2Fy%20z/{c}/{d}')
})
