import t from 'tap'
import { HTML, JSON_TYPE, TEXT, XML } from '../../../src/http/media-types.ts'
import { jsonToXml, selectRepresentation } from '../../../src/http/representation.ts'

const OFFERED = [JSON_TYPE, XML, HTML]

const SELECTED: { title: string; field: string; selected: string | undefined }[] = [
  { title: 'the first offer where anything is acceptable', field: '', selected: JSON_TYPE },
  { title: 'the type that is asked for', field: 'application/xml', selected: XML },
  { title: 'nothing for what is not offered', field: 'image/png', selected: undefined },
  {
    title: 'JSON for problems in JSON',
    field: 'application/problem+json',
    selected: JSON_TYPE,
  },
  { title: 'XML for problems in XML', field: 'application/problem+xml', selected: XML },
  {
    title: 'the syntax of the problems that weigh more',
    field: 'application/problem+json;q=0.1, application/problem+xml',
    selected: XML,
  },
  {
    title: 'the type that is asked for before the syntax of problems',
    field: 'application/problem+xml, text/html;q=0.1',
    selected: HTML,
  },
  {
    title: 'nothing for problems that weigh 0',
    field: 'application/problem+json;q=0',
    selected: undefined,
  },
  {
    title: 'the syntax of problems beside what is not offered',
    field: 'image/png, application/problem+json;q=0.1',
    selected: JSON_TYPE,
  },
]

for (const { title, field, selected } of SELECTED) {
  t.test(`selectRepresentation gives ${title}`, async (t) => {
    t.equal(selectRepresentation(field, OFFERED), selected)
  })
}

t.test('selectRepresentation gives nothing in a syntax that is not offered', async (t) => {
  t.equal(selectRepresentation('application/problem+xml', [TEXT, JSON_TYPE]), undefined)
  t.equal(selectRepresentation('*/*', []), undefined)
})

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const DOCUMENTS: { json: string; content: string }[] = [
  { json: '{"id":1,"title":"a<b"}', content: '<id>1</id><title>a&lt;b</title>' },
  { json: '[1,"2"]', content: '<item>1</item><item>2</item>' },
  { json: '{"fileName":null}', content: '<fileName></fileName>' },
  { json: '"a"', content: 'a' },
]

for (const { json, content } of DOCUMENTS) {
  t.test(`jsonToXml writes ${json} as XML under its title`, async (t) => {
    t.equal(jsonToXml('ArticleList', json), `${DECLARATION}<articleList>${content}</articleList>\n`)
  })
}
