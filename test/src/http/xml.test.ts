import t from 'tap'
import { formatXml, parseXml, type XmlData } from '../../../src/http/xml.ts'

/** Returns an element without attributes. */
function element(name: string, ...children: (XmlData | string)[]): XmlData {
  return { name, attributes: {}, children }
}

const DOCUMENTS: { title: string; text: string; data: XmlData }[] = [
  { title: 'an empty element', text: '<a/>', data: element('a') },
  { title: 'text', text: '<a> b </a>', data: element('a', ' b ') },
  {
    title: 'elements and text in order',
    text: '<a>1<b>2</b>3<b/></a>',
    data: element('a', '1', element('b', '2'), '3', element('b')),
  },
  {
    title: 'attributes',
    text: `<a b="1" c='&lt;"'/>`,
    data: { name: 'a', attributes: { b: '1', c: '<"' }, children: [] },
  },
  {
    title: 'the predefined entities',
    text: '<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>',
    data: element('a', `<>&"'A😀`),
  },
  { title: 'CDATA', text: '<a><![CDATA[<b>&x;]]></a>', data: element('a', '<b>&x;') },
  {
    title: 'CDATA that looks like a document type',
    text: '<a><![CDATA[<!DOCTYPE a>]]></a>',
    data: element('a', '<!DOCTYPE a>'),
  },
  {
    title: 'a comment that looks like a document type',
    text: '<!-- <!DOCTYPE a> --><a/>',
    data: element('a'),
  },
  {
    title: 'a document, and omits comments and processing instructions',
    text: '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><a><!-- d --><?e f?>g</a>\n',
    data: element('a', 'g'),
  },
  {
    title: 'unchanged prefixes',
    text: '<x:a><x:b/></x:a>',
    data: element('x:a', element('x:b')),
  },
]

for (const { title, text, data } of DOCUMENTS) {
  t.test(`parseXml() reads ${title}`, async (t) => {
    t.same(parseXml(text), data)
  })
}

const MALFORMED = [
  '',
  ' ',
  'text',
  '{"a":1}',
  '<a',
  '<a>',
  '<a></b>',
  '<a><b></a></b>',
  '</a>',
  '<a/><b/>',
  'x<a/>',
  '<a/>x',
  '<a b=1/>',
  '<a b/>',
  '<a b="<"/>',
  '<a b="1" b="2"/>',
  '<a>&</a>',
  '<a>&x;</a>',
  '<a>&#0;</a>',
  '<a>&#xD800;</a>',
  '<a>&#x110000;</a>',
  '<a>&#99999999999999999999;</a>',
  '<a>\u0001</a>',
  '<a>\ufffe</a>',
  '<a><!-- -- --></a>',
  '<a><![CDATA[</a>',
  '<1/>',
  '<!---->',
]

for (const text of MALFORMED) {
  t.test(`parseXml() throws 400 for ${JSON.stringify(text)}`, async (t) => {
    t.throws(() => parseXml(text), {
      statusCode: 400,
      message: /^the XML body is malformed: .+ \(line 1, column \d+\)$/,
    })
  })
}

t.test('parseXml() reports the line and column of an error', async (t) => {
  t.throws(() => parseXml('<a>\n  <b c="1" c="2"/>\n</a>'), { message: /\(line 2, column \d+\)$/ })
})

const BILLION_LAUGHS = `<!DOCTYPE a [<!ENTITY l0 "lol">${Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
).join('')}]>`

const DOCUMENT_TYPES: [title: string, text: string][] = [
  ['a document type', '<!DOCTYPE a><a/>'],
  ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>'],
  ['a declared entity', '<!DOCTYPE a [<!ENTITY x "y">]><a/>'],
  ['an entity that refers to a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>'],
  ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><a/>'],
  ['a billion laughs', `${BILLION_LAUGHS}<a/>`],
]

for (const [title, text] of DOCUMENT_TYPES) {
  t.test(`parseXml() throws 400 for ${title}`, async (t) => {
    t.throws(() => parseXml(text), {
      statusCode: 400,
      message: 'the XML body must not have a document type declaration',
    })
  })
}

for (const [title, text] of [
  ['a declared entity', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['a billion laughs', `${BILLION_LAUGHS}<a>&l9;</a>`],
] as const) {
  t.test(`parseXml() never expands ${title}`, async (t) => {
    t.throws(() => parseXml(text), { statusCode: 400, message: "Named entity isn't defined" })
  })
}

t.test(
  'parseXml() accepts elements nested 32 levels deep, and throws 400 for more levels',
  async (t) => {
    const nest = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`
    t.doesNotThrow(() => parseXml(nest(32)), '32 levels')
    const tooDeep = { statusCode: 400, message: 'the XML body is nested more than 32 levels deep' }
    t.throws(() => parseXml(nest(33)), tooDeep, '33 levels')
    const farTooDeep = { statusCode: 400, message: 'the XML body is nested' }
    t.throws(() => parseXml(nest(200_000)), farTooDeep, 'deep nesting does not overflow the stack')
    const siblings = `<a>${'<b/>'.repeat(1_000)}</a>`
    t.doesNotThrow(() => parseXml(siblings), 'siblings do not count as levels')
  },
)

for (const text of [
  '<a><b/><b>=</b></a>',
  '<a b=\'1\'  c = \n"2"/>',
  '<a><!-- --><?b?></a>',
  '<a><![CDATA[<b></b>]]></a>',
]) {
  t.test(`parseXml() counts the elements and attributes of ${JSON.stringify(text)}`, async (t) => {
    t.equal(parseXml(text, { maxValues: 3 }).name, 'a')
    const message = 'the body has more than 2 XML elements and attributes'
    t.throws(() => parseXml(text, { maxValues: 2 }), { statusCode: 413, message })
  })
}

t.test('parseXml() allows 2 references and 50 characters for each element', async (t) => {
  const limits = { maxValues: 1 }
  t.equal(parseXml(`<a>${'&lt;'.repeat(2)}</a>`, limits).name, 'a')
  t.equal(parseXml(`<a>${'b'.repeat(43)}</a>`, limits).name, 'a')
  for (const [content, message] of [
    ['&#9;'.repeat(3), 'the body has more than 2 XML references'],
    ['b'.repeat(44), 'the body has more than 50 characters of XML'],
  ] as const) {
    t.throws(() => parseXml(`<a>${content}</a>`, limits), { statusCode: 413, message })
  }
})

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const WRITTEN: { title: string; data: unknown; content: string }[] = [
  { title: 'null as nothing', data: null, content: '' },
  { title: 'undefined as nothing', data: undefined, content: '' },
  { title: 'a number', data: 1.5, content: '1.5' },
  { title: 'a boolean', data: false, content: 'false' },
  { title: 'text with its white space', data: ' a\n ', content: ' a\n ' },
  {
    title: 'markup in text as escaped characters',
    data: '<a b="c">&amp;',
    content: '&lt;a b="c"&gt;&amp;amp;',
  },
  { title: ']]> in text as ]]&gt;', data: ']]>', content: ']]&gt;' },
  { title: 'members', data: { a: 1, b: { c: 'd' } }, content: '<a>1</a><b><c>d</c></b>' },
  {
    title: 'no element for an undefined member',
    data: { a: undefined, b: 1 },
    content: '<b>1</b>',
  },
  {
    title: 'empty members as empty elements',
    data: { a: null, b: '', c: [], d: {} },
    content: '<a></a><b></b><c></c><d></d>',
  },
  {
    title: 'list items as elements',
    data: [1, [2], { a: 3 }, null],
    content: '<item>1</item><item><item>2</item></item><item><a>3</a></item><item></item>',
  },
  {
    title: 'XML names as element names',
    data: { _a: 1, 'a-b': 2, 'a.b': 3, a1: 4, constructor: 5, toString: 6 },
    content:
      '<_a>1</_a><a-b>2</a-b><a.b>3</a.b><a1>4</a1><constructor>5</constructor><toString>6</toString>',
  },
  {
    title: '__proto__ as an element name',
    data: JSON.parse('{"__proto__":1}'),
    content: '<__proto__>1</__proto__>',
  },
  ...['', '1', 'a b', '-a', 'a:b', 'xml', 'XMLa', 'é', '#text', ':@', '@_a', '?a', '!a', 'a\n'].map(
    (name) => ({
      title: `an entry element for the name ${JSON.stringify(name)}`,
      data: { [name]: 1 },
      content: `<entry key="${name}">1</entry>`,
    }),
  ),
  {
    title: 'an escaped key for a name with markup',
    data: { '"/><a b="': 1 },
    content: '<entry key="&quot;/&gt;&lt;a b=&quot;">1</entry>',
  },
  {
    title: 'a forbidden character as U+FFFD',
    data: ['\0', '\u001b', '\ud800', '\ufffe', '\t\n \ud7ff\ue000\ufffd\u{10000}\u{10ffff}'],
    content:
      '<item>\ufffd</item><item>\ufffd</item><item>\ufffd</item><item>\ufffd</item>' +
      '<item>\t\n \ud7ff\ue000\ufffd\u{10000}\u{10ffff}</item>',
  },
  {
    title: 'a carriage return as a character reference',
    data: { a: 'b\r\nc\r', 'd\r': 1 },
    content: '<a>b&#13;\nc&#13;</a><entry key="d&#13;">1</entry>',
  },
  {
    title: 'an escaped & for text that looks like a character reference',
    data: '&#13;',
    content: '&amp;#13;',
  },
  {
    title: 'a forbidden character in a name as U+FFFD',
    data: { 'a\0': 1 },
    content: '<entry key="a\ufffd">1</entry>',
  },
]

for (const { title, data, content } of WRITTEN) {
  t.test(`formatXml() writes ${title}`, async (t) => {
    const text = formatXml('root', data)
    t.equal(text, `${DECLARATION}<root>${content}</root>\n`)
    t.equal(parseXml(text).name, 'root', 'well-formed XML')
  })
}

t.test('formatXml() sets the namespace of the root element', async (t) => {
  t.equal(
    formatXml('root', { a: 1 }, { namespace: 'urn:a&b' }),
    `${DECLARATION}<root xmlns="urn:a&amp;b"><a>1</a></root>\n`,
  )
})

t.test('formatXml() uses the item name at every depth', async (t) => {
  t.equal(
    formatXml('root', [[1], { a: [2], 'b c': [3] }], { item: 'i' }),
    `${DECLARATION}<root><i><i>1</i></i>` +
      '<i><a><i>2</i></a><entry key="b c"><i>3</i></entry></i></root>\n',
  )
})

for (const text of ['a\rb', 'a\r\nb\r', '\n\t \r', '&#13;', '<![CDATA[\r]]>']) {
  t.test(
    `parseXml() reads ${JSON.stringify(text)} unchanged from the XML of formatXml()`,
    async (t) => {
      t.same(parseXml(formatXml('root', text)), element('root', text))
    },
  )
}

t.test('parseXml() parses a million carriage returns in linear time', async (t) => {
  t.same(parseXml(`<a>${'\r'.repeat(1_000_000)}</a>`).children, ['\n'.repeat(1_000_000)])
})

for (const encoding of ['UTF-16', 'ISO-8859-1']) {
  t.test(`parseXml() throws 415 for the declared encoding ${encoding}`, async (t) => {
    const text = `<?xml version="1.0" encoding="${encoding}"?><a/>`
    t.throws(() => parseXml(text), { statusCode: 415, message: new RegExp(encoding) })
  })
}

t.test('parseXml() accepts a declared encoding UTF-8 in any spelling, and ASCII', async (t) => {
  for (const encoding of ['utf-8', 'UTF8', 'US-ASCII'])
    t.equal(parseXml(`<?xml version="1.0" encoding="${encoding}"?><a/>`).name, 'a')
  t.equal(parseXml('<?xml version="1.0"?><a/>').name, 'a')
})
