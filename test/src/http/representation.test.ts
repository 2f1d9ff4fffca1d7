import t from 'tap'
import { HTML, JSON_TYPE, TEXT, XML } from '../../../src/http/media-types.ts'
import { jsonToXml, selectRepresentation } from '../../../src/http/representation.ts'

const OFFERED = [JSON_TYPE, XML, HTML]

const SELECTED: { title: string; field: string; selected: string | undefined }[] = [
  { title: 'the first offer if any type is acceptable', field: '', selected: JSON_TYPE },
  { title: 'the acceptable type', field: 'application/xml', selected: XML },
  { title: 'nothing if no acceptable type is offered', field: 'image/png', selected: undefined },
  {
    title: 'JSON for problem+json',
    field: 'application/problem+json',
    selected: JSON_TYPE,
  },
  { title: 'XML for problem+xml', field: 'application/problem+xml', selected: XML },
  {
    title: 'XML if problem+xml has a higher weight than problem+json',
    field: 'application/problem+json;q=0.1, application/problem+xml',
    selected: XML,
  },
  {
    title: 'an acceptable type, even if problem+xml has a higher weight',
    field: 'application/problem+xml, text/html;q=0.1',
    selected: HTML,
  },
  {
    title: 'nothing for problem+json with the weight 0',
    field: 'application/problem+json;q=0',
    selected: undefined,
  },
  {
    title: 'JSON for problem+json if no other acceptable type is offered',
    field: 'image/png, application/problem+json;q=0.1',
    selected: JSON_TYPE,
  },
]

for (const { title, field, selected } of SELECTED) {
  t.test(`selectRepresentation() returns ${title}`, async (t) => {
    t.equal(selectRepresentation(field, OFFERED), selected)
  })
}

t.test(
  'selectRepresentation() returns undefined for problem+xml if XML is not offered',
  async (t) => {
    t.equal(selectRepresentation('application/problem+xml', [TEXT, JSON_TYPE]), undefined)
    t.equal(selectRepresentation('*/*', []), undefined)
  },
)

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const DOCUMENTS: { json: string; content: string }[] = [
  { json: '{"id":1,"title":"a<b"}', content: '<id>1</id><title>a&lt;b</title>' },
  { json: '[1,"2"]', content: '<item>1</item><item>2</item>' },
  { json: '{"fileName":null}', content: '<fileName></fileName>' },
  { json: '"a"', content: 'a' },
]

for (const { json, content } of DOCUMENTS) {
  t.test(`jsonToXml() converts ${json}, and names the root element after the title`, async (t) => {
    t.equal(jsonToXml('ArticleList', json), `${DECLARATION}<articleList>${content}</articleList>\n`)
  })
}
