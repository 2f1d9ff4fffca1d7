/** Writes the tests of a resource. */
import { withArticle, wordsOf } from './names.ts'
import { withRequired } from './related.ts'
import { exampleOf, literal, type Resource } from './resource.ts'
import * as cases from './test-cases.ts'

export function writeTest(resource: Resource): string {
  const { fields, parent, folder } = resource
  const isOptional = fields.some((field) => field.isOptional)
  const required = fields.filter((field) => !field.isOptional)
  const list = parent ? `/${parent.folder}/${parent.exampleId}/${folder}` : `/${folder}`
  const isInvalid = fields.map(({ member, invalid }) => `${member}: ${literal(invalid)}`)
  return `import type { Test } from 'tap'
import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const LIST = '${list}'
const ITEM = \`\${LIST}/1\`
const EXAMPLE = ${literal(exampleOf(fields, 0))}
const OTHER = ${literal(exampleOf(fields, 1))}
${isOptional ? `/** The members that every ${wordsOf(resource.singular)} has. */\nconst REQUIRED = ${literal(exampleOf(required, 1))}` : ''}
/** A wrong value of each member. */
const INVALID = { ${isInvalid.join(', ')} }
const ANY = { 'if-match': '*' }

${setUp(resource)}

${[
  cases.creation(resource),
  cases.changes(resource),
  cases.patches(resource),
  isOptional ? cases.optional(resource) : '',
  cases.listing(resource),
  cases.invalid(resource, required),
  cases.rows(resource, required),
  ...fields.filter((field) => field.isUnique).map((field) => cases.unique(resource, field)),
  ...fields.filter((field) => field.target).map((field) => cases.reference(resource, field)),
  parent ? cases.within(resource, parent) : '',
]
  .filter(Boolean)
  .join('\n')}`
}

/** Creates the resources to which the examples refer. */
function setUp({ singular, fields, parent }: Resource): string {
  const related = withRequired([
    ...(parent ? [parent] : []),
    ...fields.flatMap(({ target }) => target ?? []),
  ])
  const creations = related.map(({ folder, examples }) => {
    return `await app.inject(write('POST', '/${folder}', {}, ${literal(examples[1])}))`
  })
  return `/** Builds the app with ${withArticle(singular)}${related.length > 0 ? ', and with the resources that it needs' : ''}. */
async function open(t: Test) {
  const app = await build(t)
  ${creations.join('\n')}
  const { headers } = await app.inject(write('POST', LIST, {}, EXAMPLE))
  return { app, seen: { 'if-match': String(headers.etag) } }
}`
}
