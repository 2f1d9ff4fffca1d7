/** Boundaries and parts, as clients write them. */
import { type ClientForm, form, WHATWG } from './client-form.ts'

const FILE = 'Content-Disposition: form-data; name="f"; filename="a.txt"'

/** A form of one field `f`, in which only the boundary matters. */
function bounded(client: string, source: string, parameters: string, boundary: string): ClientForm {
  const body = form(boundary, 'Content-Disposition: form-data; name="f"')
  return { client, source, parameters, body, meant: [{ name: 'f' }] }
}

export const CLIENT_BOUNDARIES: ClientForm[] = [
  bounded(
    'Chromium',
    WHATWG,
    '; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW',
    '----WebKitFormBoundary7MA4YWxkTrZu0gW',
  ),
  bounded(
    '.NET, quoted',
    'fdintino/nginx-upload-module issue 50',
    '; boundary="7b9a4f6e-2a7f-4d0f-a9c6-1f5d2f6a7c11"',
    '7b9a4f6e-2a7f-4d0f-a9c6-1f5d2f6a7c11',
  ),
  bounded(
    'a client with equals signs, unquoted',
    'mscdex/busboy issue 306',
    '; boundary====1656457491496===',
    '===1656457491496===',
  ),
  bounded(
    'JavaMail, unquoted',
    'jakartaee/mail-api UniqueValue.java',
    '; boundary=----=_Part_0_1234.5678',
    '----=_Part_0_1234.5678',
  ),
  bounded(
    'a client with a colon, unquoted',
    'RFC 2046 §5.1.1, its second example',
    '; boundary=gc0pJq0M:08jU534c0p',
    'gc0pJq0M:08jU534c0p',
  ),
  bounded(
    'a client with all characters of a boundary, quoted',
    'jetty/jetty.project issue 3735',
    `; boundary="----=_Part_0_COMPLEX_BOUNDARY(-1234'+_,-./:=?)"`,
    `----=_Part_0_COMPLEX_BOUNDARY(-1234'+_,-./:=?)`,
  ),
  bounded(
    'AFNetworking',
    'AFNetworking/AFNetworking AFURLRequestSerialization.m',
    '; boundary=Boundary+1A2B3C4D5E6F7A8B',
    'Boundary+1A2B3C4D5E6F7A8B',
  ),
  bounded(
    'an iPhone application with a charset before the boundary',
    'owasp-modsecurity/ModSecurity issue 480',
    '; charset=utf-8; boundary=0xKhTmLbOuNdArY',
    '0xKhTmLbOuNdArY',
  ),
  bounded('a client with a final semicolon', 'RFC 9110 §5.6.6', ';boundary=B;', 'B'),
]

export const CLIENT_PARTS: ClientForm[] = [
  {
    client: 'Retrofit',
    source: 'square/okhttp MultipartBody.kt; square/retrofit PartMap.java',
    parameters: '; boundary=B',
    body: form(
      'B',
      'Content-Disposition: form-data; name="f"\r\nContent-Transfer-Encoding: binary\r\n' +
        'Content-Type: text/plain; charset=UTF-8\r\nContent-Length: 3',
    ),
    meant: [{ name: 'f', mediaType: 'text/plain; charset=UTF-8' }],
  },
  {
    client: 'Dart',
    source: 'dart-lang/http multipart_request.dart',
    parameters: '; boundary=B',
    body: form(
      'B',
      'content-disposition: form-data; name="f"\r\ncontent-type: text/plain; charset=utf-8\r\n' +
        'content-transfer-encoding: binary\r\n\r\né',
    ),
    meant: [{ name: 'f', mediaType: 'text/plain; charset=utf-8', text: 'é' }],
  },
  {
    client: 'Python email, with folded header fields',
    source: 'Python, email.mime',
    parameters: '; boundary="===============1234=="',
    body: form(
      '===============1234==',
      'Content-Type: text/plain\r\nMIME-Version: 1.0\r\n' +
        'Content-Disposition: form-data;\r\n name="f";\r\n\tfilename="a.txt"',
    ),
    meant: [{ name: 'f', fileName: 'a.txt' }],
  },
  {
    client: 'Indy, a field in quoted-printable',
    source: 'IndySockets/Indy IdMultipartFormData.pas',
    parameters: '; boundary=B',
    body: form(
      'B',
      'Content-Disposition: form-data; name="f"\r\nContent-Type: text/plain; charset="utf-8"\r\n' +
        'Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db caf=C3=A9=\r\n!',
    ),
    meant: [{ name: 'f', mediaType: 'text/plain; charset="utf-8"', text: 'a=b café!' }],
  },
  {
    client: 'a client with base64 in lines',
    source: 'tom-sherman/fetch-multipart issue 14',
    parameters: '; boundary=--boundary',
    body: form(
      '--boundary',
      `${FILE}\r\nContent-Transfer-Encoding: BASE64\r\n\r\nVGVzdC\r\nAxMjM=`,
    ),
    meant: [{ name: 'f', fileName: 'a.txt', text: 'Test 123' }],
  },
  {
    client: 'a client with broken base64',
    source: 'RFC 2045 §6.8',
    parameters: '; boundary=B',
    body: form('B', `${FILE}\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%`),
    meant: { refused: 'a part with Content-Transfer-Encoding: base64 is not base64' },
  },
  {
    client: 'a client that cuts off base64',
    source: 'RFC 2045 §6.8',
    parameters: '; boundary=B',
    body: form('B', `${FILE}\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsb`),
    meant: { refused: 'a part with Content-Transfer-Encoding: base64 is not base64' },
  },
  {
    client: 'a client with another transfer encoding',
    source: 'RFC 2045 §6.4',
    parameters: '; boundary=B',
    body: form('B', `${FILE}\r\nContent-Transfer-Encoding: uuencode`),
    meant: {
      refused:
        'Content-Transfer-Encoding must be base64, quoted-printable, binary, 8bit or 7bit, not uuencode',
    },
  },
  {
    client: 'Symfony',
    source: 'symfony/symfony src/Symfony/Component/Mime/Part/Multipart/FormDataPart.php',
    parameters: '; boundary=B',
    body: form(
      'B',
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n' +
        'Content-Disposition: form-data; name="f"',
    ),
    meant: [{ name: 'f', mediaType: 'text/plain; charset=utf-8' }],
  },
  {
    client: 'Guzzle',
    source: 'guzzle/psr7 src/MultipartStream.php',
    parameters: '; boundary=B',
    body: form('B', `${FILE}\r\nContent-Length: 3\r\nContent-Type: text/plain`),
    meant: [{ name: 'f', fileName: 'a.txt' }],
  },
  {
    client: 'a client with several files of one field',
    source: 'RFC 2388 §4.2',
    parameters: '; boundary=B',
    body: form(
      'B',
      `Content-Disposition: form-data; name="f"\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n${form('BB', 'Content-Disposition: file; filename="a.txt"')}`,
    ),
    meant: [
      {
        name: 'f',
        mediaType: 'multipart/mixed; boundary=BB',
        text: form('BB', 'Content-Disposition: file; filename="a.txt"'),
      },
    ],
  },
  {
    client: 'a client with a part without content and without a blank line',
    source: 'RFC 2046 §5.1.1, body-part',
    parameters: '; boundary=B',
    body: '--B\r\nContent-Disposition: form-data; name="f"\r\n\r\n--B--',
    meant: [{ name: 'f', text: '' }],
  },
  {
    client: 'a proxy that adds white space after a delimiter',
    source: 'RFC 2046 §5.1.1, transport-padding',
    parameters: '; boundary=B',
    body: form('B', 'Content-Disposition: form-data; name="f"').replace('--B', '--B \t'),
    meant: [{ name: 'f' }],
  },
  {
    client: '.NET, an empty form',
    source: 'dotnet/runtime MultipartContent.cs',
    parameters: '; boundary="B"',
    body: '--B\r\n\r\n--B--\r\n',
    meant: [],
  },
  {
    client: 'Go, an empty form',
    source: 'golang/go src/mime/multipart/writer.go, Close',
    parameters: '; boundary=B',
    body: '\r\n--B--\r\n',
    meant: [],
  },
  {
    client: 'fetch with a Content-Type of its own',
    source: 'axios/axios issue 5379',
    parameters: '',
    body: form('B', FILE),
    meant: { refused: 'Content-Type needs a boundary of 1 to 70 characters' },
  },
  {
    client: 'a script with bare line feeds',
    source: 'RFC 7578 §4.1',
    parameters: '; boundary=B',
    body: form('B', FILE).replaceAll('\r', ''),
    meant: { refused: 'lines must end with CR LF' },
  },
  {
    client: 'a microcontroller without a last delimiter',
    source: 'RFC 2046 §5.1.1, close-delimiter',
    parameters: '; boundary=B',
    body: `--B\r\n${FILE}\r\n\r\nabc\r\n`,
    meant: { refused: 'the last line, --B--, is missing' },
  },
  {
    client: 'JavaMail, a file name in several parameters',
    source: 'RFC 2231 §3',
    parameters: '; boundary=B',
    body: form(
      'B',
      `Content-Disposition: form-data; name="f"; filename*0*=utf-8''a; filename*1*=b.txt`,
    ),
    meant: { refused: "filename* must be UTF-8'' and a percent-encoded name" },
  },
]
