import t from 'tap'
import { entityTag, tagOfCoding } from '../../../src/http/entity-tag.ts'

t.test(
  'entityTag() contains the version, and the subtype or suffix of the media type',
  async (t) => {
    t.equal(entityTag('3', 'application/json; charset=utf-8'), '"3-json"')
    t.equal(entityTag('3', 'application/xml; charset=utf-8'), '"3-xml"')
    t.equal(entityTag('4', 'text/plain; charset=utf-8'), '"4-plain"')
    t.equal(entityTag('4', 'application/vnd.example.v2+json'), '"4-json"')
    t.equal(entityTag('4', ''), '"4-undefined"')
    t.equal(entityTag('4'), '"4"', 'without a media type, the tag contains only the version')
  },
)

t.test('tagOfCoding() adds the content coding to a tag', async (t) => {
  t.equal(tagOfCoding('"3-json"', 'gzip'), '"3-json-gzip"')
  t.equal(tagOfCoding('W/"3"', 'br'), 'W/"3-br"')
})
