/** Large and unusual bodies within the default limits, or just above them. */

/** Almost BODY_LIMIT, in bytes, so that a few more bytes fit. */
const BODY_SIZE = 1_048_000
/** Almost BODY_VALUES_LIMIT. */
export const VALUES = 9_900

export const JSON_TYPE = 'application/json'
export const XML = 'application/xml'
export const TEXT = 'text/plain'
const FORM = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data; boundary=B'

/** Repeats a text up to a size, almost BODY_LIMIT by default. */
export const fill = (text: string, size = BODY_SIZE) => text.repeat(Math.floor(size / text.length))

/** Returns different texts with a separator. */
export function series(textOf: (index: number) => string, count: number, separator = ','): string {
  return Array.from({ length: count }, (_, index) => textOf(index)).join(separator)
}

const part = (fields: string, content = '', name = 'a') =>
  `--B\r\nContent-Disposition: form-data; name=${name}\r\n${fields}\r\n${content}\r\n`
const encoded = (encoding: string, content: string) =>
  `${part(`Content-Transfer-Encoding: ${encoding}\r\n`, content)}--B--\r\n`

/** Bodies for `/echo` by title, with their media type. */
export const BODIES: Record<string, [mediaType: string, body: string]> = {
  'JSON, too many numbers': [JSON_TYPE, `[${fill('0,')}0]`],
  'JSON, too many members': [JSON_TYPE, `{${series((index) => `"${index}":0`, 100_000)}}`],
  'JSON, many nested arrays': [JSON_TYPE, `[${series(() => '[[[[]]]]', VALUES / 4)}]`],
  'JSON, many long members': [JSON_TYPE, `{${series((i) => `"${i}${fill('a', 90)}":0`, VALUES)}}`],
  'JSON, escaped names of members': [
    JSON_TYPE,
    `{${series((i) => `"${i}${fill('\\u0001', 90)}":0`, VALUES)}}`,
  ],
  'JSON, escapes': [JSON_TYPE, `"${fill('\\n')}"`],
  'JSON, white space': [JSON_TYPE, `[${fill('\n')}]`],
  'JSON, a long number': [JSON_TYPE, fill('1')],
  'XML, too many elements': [XML, `<a>${fill('<b/>')}</a>`],
  'XML, many elements with attributes': [XML, `<a>${'<b c="" d="" e=""/>'.repeat(VALUES / 4)}</a>`],
  'XML, too many characters': [XML, `<a>${`<b>${fill('c', 90)}</b>`.repeat(VALUES)}</a>`],
  'XML, many elements with text': [XML, `<a>${`<b>${fill('c', 40)}</b>`.repeat(VALUES)}</a>`],
  'XML, too many references': [XML, `<a>${'&lt;abcde'.repeat(VALUES * 10)}</a>`],
  'XML, many references': [XML, `<a>${`<b>&lt;${fill('c', 30)}&#x10000;</b>`.repeat(VALUES)}</a>`],
  'XML, one long text with references': [XML, `<a>${'&lt;abcdefghij'.repeat(VALUES * 2)}</a>`],
  'XML, line ends': [XML, `<a>${fill('\r\n')}</a>`],
  'form, too many fields': [FORM, fill('a=1&')],
  'form, many fields': [FORM, series((index) => `${index}=${fill('%41', 90)}`, VALUES, '&')],
  'form, empty fields': [FORM, fill('&')],
  'multipart, too many parts': [MULTIPART, `${fill(part(''))}--B--\r\n`],
  'multipart, too many delimiters': [MULTIPART, `${fill('--B\r\n')}--B--\r\n`],
  'multipart, large parts': [MULTIPART, `${part('', fill('a', 10_000)).repeat(100)}--B--\r\n`],
  'multipart, long names': [
    MULTIPART,
    `${part('', '', `"${fill('"a', 16_000)}"`).repeat(64)}--B--\r\n`,
  ],
  'multipart, base64': [MULTIPART, encoded('base64', fill('QUFB\r\n', 1_040_000))],
  'multipart, quoted-printable': [MULTIPART, encoded('quoted-printable', fill('=41', 1_040_000))],
  'text in another charset': ['text/plain; charset=gb18030', fill('\u00e4', 500_000)],
}
