/** Tests of a resource, one per function. */
import type { Field } from './fields.ts'
import { withArticle, wordsOf } from './names.ts'
import type { Related } from './related.ts'
import { filtersOf, literal, MISSING_ID, patchedOf, type Resource, scopeOf } from './resource.ts'

export function creation({ singular }: Resource): string {
  return `testOnEachEngine('creates ${withArticle(singular)} once, and requires credentials', async (t) => {
  const { app } = await open(t)
  const request = write('POST', LIST, { 'idempotency-key': 'a' }, OTHER)
  const body = { id: 2, ...OTHER }
  const created = { status: 201, headers: { location: \`\${LIST}/2\` }, body }
  await expectReply(t, app, request, created)
  await expectReply(t, app, request, created)
  await expectReply(t, app, { url: \`\${LIST}/2\` }, { body })
  await expectReply(t, app, { method: 'POST', url: LIST, payload: OTHER }, { status: 401 })
})
`
}

export function changes({ singular }: Resource): string {
  return `testOnEachEngine('replaces and deletes ${withArticle(singular)} only with If-Match', async (t) => {
  const { app, seen } = await open(t)
  const unchanged = await app.inject(write('PUT', ITEM, seen, EXAMPLE))
  t.equal(unchanged.headers.etag, seen['if-match'])
  await expectReply(t, app, write('PUT', ITEM, {}, OTHER), { status: 428 })
  await expectReply(t, app, write('PUT', ITEM, seen, OTHER), { body: { id: 1, ...OTHER } })
  await expectReply(t, app, write('PUT', ITEM, seen, EXAMPLE), { status: 412 })
  await expectReply(t, app, { url: ITEM }, { body: { id: 1, ...OTHER } })
  await expectReply(t, app, write('DELETE', ITEM), { status: 428 })
  await expectReply(t, app, write('DELETE', ITEM, ANY), { status: 204 })
  for (const request of [
    { url: ITEM },
    write('PUT', ITEM, ANY, OTHER),
    write('PATCH', ITEM, ANY, OTHER),
    write('DELETE', ITEM, ANY),
  ])
    await expectReply(t, app, request, { status: 404 })
})
`
}

export function patches({ singular, fields }: Resource): string {
  const { member: patched } = patchedOf(fields)
  const required = fields.find(({ isOptional }) => !isOptional)
  return `testOnEachEngine('patches ${withArticle(singular)}, and returns 422 if the result is invalid', async (t) => {
  const { app, seen } = await open(t)
  const patch = { ${patched}: OTHER.${patched} }
  await expectReply(t, app, write('PATCH', ITEM, {}, patch), { status: 428 })
  const body = { id: 1, ...EXAMPLE, ...patch }
  await expectReply(t, app, write('PATCH', ITEM, seen, patch), { body })
  const removal = write('PATCH', ITEM, ANY, { ${required?.member}: null })
  const reply = await expectReply(t, app, removal, { status: 422 })
  t.match(reply.json().errors, [{ in: 'body', pointer: '/${required?.member}' }])
  await expectReply(t, app, { url: ITEM }, { body })
})
`
}

export function optional({ singular }: Resource): string {
  return `testOnEachEngine('omits the members that ${withArticle(singular)} does not have', async (t) => {
  const { app } = await open(t)
  const body = { id: 1, ...REQUIRED }
  const { headers } = await expectReply(t, app, write('PUT', ITEM, ANY, REQUIRED), { body })
  const unchanged = await app.inject(write('PUT', ITEM, ANY, REQUIRED))
  t.equal(unchanged.headers.etag, headers.etag)
  await expectReply(t, app, { url: LIST }, { body: { items: [body] } })
})
`
}

export function listing(resource: Resource): string {
  const filters = filtersOf(resource).flatMap(({ member, examples, target }) => [
    `t.same(await idsOf(\`\${LIST}?${member}=${examples[0]}\`), [${target ? '1, 2' : '1'}])`,
    target ? `t.same(await idsOf(\`\${LIST}?${member}=${MISSING_ID}\`), [])` : '',
  ])
  return `testOnEachEngine('lists ${wordsOf(resource.plural)} in pages', async (t) => {
  const { app } = await open(t)
  const { headers } = await app.inject({ url: LIST })
  const request = write('POST', LIST, { 'if-match': String(headers.etag) }, OTHER)
  await expectReply(t, app, request, { status: 201 })
  await expectReply(t, app, request, { status: 412 })
  const items = [{ id: 1, ...EXAMPLE }, { id: 2, ...OTHER }]
  await expectReply(t, app, { url: LIST }, { body: { items } })
  const idsOf = async (url: string) => {
    const page = (await app.inject({ url })).json()
    return page.items.map(({ id }: { id: number }) => id)
  }
  t.same(await idsOf(\`\${LIST}?sort=-id&limit=1\`), [2])
  ${filters.filter(Boolean).join('\n')}
})
`
}

export function invalid({ singular }: Resource, required: Field[]): string {
  const names = required.map(({ member }) => literal(member)).join(', ')
  return `testOnEachEngine('returns 400 for ${withArticle(singular)} with a wrong member', async (t) => {
  const { app } = await open(t)
  const wrong = [
    ...Object.entries(INVALID),
    ...[${names}].map((member) => [member, undefined] as const),
    ['unknown', 1] as const,
  ]
  for (const [member, value] of wrong) {
    const request = write('POST', LIST, {}, { ...OTHER, [member]: value })
    const reply = await expectReply(t, app, request, { status: 400 })
    const errors = [{ in: 'body', pointer: \`/\${member}\` }]
    t.match(reply.json(), { status: 400, errors }, member)
  }
})
`
}

/** The rule of the database, which also holds for other programs than the service. */
export function rows({ singular, table, parent }: Resource, required: Field[]): string {
  const values = required.map(({ column, examples, isBoolean }) => {
    return `${column}: ${literal(isBoolean ? Number(examples[1]) : examples[1])}`
  })
  const scope = parent ? [`${scopeOf(parent)}: ${parent.exampleId}`] : []
  return `testOnEachEngine('stores no ${wordsOf(singular)} without a required value', async (t) => {
  const { app } = await open(t)
  const row = { ${[...scope, ...values].join(', ')} }
  const insert = app.store((session) => async (values: object) =>
    // The type of the table does not allow the rows.
    session.write((writer) => writer.insertInto('${table}').values(values as never).execute()),
  )
  for (const column of Object.keys(row)) {
    const error = await insert({ ...row, [column]: null }).catch((error) => error)
    t.match(error, { constraint: 'not null' }, column)
  }
  await insert(row)
})
`
}

export function unique({ singular }: Resource, { member }: Field): string {
  return `testOnEachEngine('returns 409 for ${withArticle(singular)} whose ${member} another one has', async (t) => {
  const { app } = await open(t)
  const request = write('POST', LIST, {}, { ...OTHER, ${member}: EXAMPLE.${member} })
  const reply = await expectReply(t, app, request, { status: 409 })
  t.match(reply.json().errors, [{ in: 'body', pointer: '/${member}' }])
  await expectReply(t, app, write('POST', LIST, {}, OTHER), { status: 201 })
})
`
}

export function reference({ singular }: Resource, { member }: Field): string {
  return `testOnEachEngine('returns 409 for ${withArticle(singular)} whose ${member} does not exist', async (t) => {
  const { app } = await open(t)
  const request = write('POST', LIST, {}, { ...OTHER, ${member}: ${MISSING_ID} })
  const reply = await expectReply(t, app, request, { status: 409 })
  t.match(reply.json().errors, [{ in: 'body', pointer: '/${member}' }])
})
`
}

export function within({ singular, plural, folder }: Resource, parent: Related): string {
  const missing = `/${parent.folder}/${MISSING_ID}/${folder}`
  const owner = withArticle(parent.singular)
  return `testOnEachEngine('returns 404 for a missing ${wordsOf(parent.singular)}, and for ${withArticle(singular)} of another one', async (t) => {
  const { app } = await open(t)
  const { headers } = await app.inject(write('POST', '/${parent.folder}', {}, ${literal(parent.examples[0])}))
  const other = \`\${headers.location}/${folder}\`
  t.same((await app.inject({ url: other })).json().items, [], '${owner} without ${wordsOf(plural)}')
  for (const request of [
    { url: '${missing}' },
    write('POST', '${missing}', { 'idempotency-key': 'a' }, OTHER),
    write('POST', '${missing}', { 'if-match': '"a"' }, OTHER),
    { url: \`\${other}/1\` },
    write('PUT', \`\${other}/1\`, ANY, OTHER),
    write('PATCH', \`\${other}/1\`, ANY, OTHER),
    write('DELETE', \`\${other}/1\`, ANY),
  ])
    await expectReply(t, app, request, { status: 404 })
  await expectReply(t, app, { url: ITEM }, { body: { id: 1, ...EXAMPLE } })
})
`
}
