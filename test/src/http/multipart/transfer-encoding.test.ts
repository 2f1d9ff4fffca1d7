import t from 'tap'
import { decodeQuotedPrintable } from '../../../../src/http/multipart/transfer-encoding.ts'

const TEXTS: [text: string, decoded: string][] = [
  ['', ''],
  ['a=3Db=3db', 'a=b=b'],
  ['=3D3D=3D', '=3D='],
  ['caf=C3=A9 \xe9', 'caf\xc3\xa9 \xe9'],
  ['a=\r\nb= \t\r\nc\r\n', 'abc\r\n'],
  ['=', '='],
  ['=4', '=4'],
  ['=4g=g4==41', '=4g=g4=A'],
]

for (const [text, decoded] of TEXTS) {
  t.test(`decodeQuotedPrintable() decodes ${JSON.stringify(text)}`, async (t) => {
    t.equal(decodeQuotedPrintable(text).toString('latin1'), decoded)
  })
}
