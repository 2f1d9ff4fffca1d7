/** Names of fields and files, as clients write them. */
import { type ClientForm, form, named, WHATWG } from './client-form.ts'

export const CLIENT_NAMES: ClientForm[] = [
  named('Chromium, a quote', WHATWG, 'name="f"; filename="a%22b.txt"', {
    name: 'f',
    fileName: 'a"b.txt',
  }),
  named('Firefox, a line break in a name', WHATWG, 'name="a%0D%0Ab"', { name: 'a\r\nb' }),
  named('Safari, a name in UTF-8', WHATWG, 'name="é"; filename="ü😀.txt"', {
    name: 'é',
    fileName: 'ü😀.txt',
  }),
  named('Chromium, other percent signs', WHATWG, 'name="f"; filename="100%-%41.txt"', {
    name: 'f',
    fileName: '100%-%41.txt',
  }),
  named(
    'Chromium, backslashes at the end of names',
    'oven-sh/bun pull request 41604',
    String.raw`name="dir\"; filename="a.bin"`,
    { name: 'dir\\', fileName: 'a.bin' },
  ),
  named(
    'Internet Explorer, a path',
    'Http-Multipart-Data-Parser/HttpMultipartParser pull request 10',
    String.raw`name="file"; filename="C:\test\test.txt"`,
    { name: 'file', fileName: 'test.txt' },
  ),
  named(
    'Firefox before 2021, a quote and a semicolon',
    'node-formidable/formidable pull request 86',
    String.raw`name="file"; filename="b'e\";e.JPG"`,
    { name: 'file', fileName: `b'e";e.JPG` },
  ),
  named(
    'a browser of 2015, a quote',
    'pillarjs/multiparty issue 101',
    String.raw`name="file"; filename="100129-03\"100129.jpg"`,
    { name: 'file', fileName: '100129-03"100129.jpg' },
  ),
  named(
    'curl 7.81 or later, a quote and a backslash',
    'curl(1), --form-escape',
    String.raw`name="a%22\b"; filename="x.txt"`,
    { name: String.raw`a"\b`, fileName: 'x.txt' },
  ),
  named(
    'curl before 7.81, a quote and a backslash',
    'curl(1), --form-escape',
    String.raw`name="a\"\\b"; filename="c\"d.txt"`,
    { name: String.raw`a"\b`, fileName: 'c"d.txt' },
  ),
  named(
    'Go, a quote and a backslash',
    'golang/go src/mime/multipart/writer.go',
    String.raw`name="a\\b\"c"; filename="x\"; filename=\"y.txt"`,
    { name: String.raw`a\b"c`, fileName: 'x"; filename="y.txt' },
  ),
  named(
    'Perl, a quote',
    'libwww-perl/HTTP-Message lib/HTTP/Request/Common.pm',
    String.raw`name="f"; filename="a\"b.txt"`,
    { name: 'f', fileName: 'a"b.txt' },
  ),
  named(
    'reqwest, a quote',
    'seanmonstar/reqwest src/async_impl/multipart.rs',
    String.raw`name="f"; filename="a\"b.txt"`,
    { name: 'f', fileName: 'a"b.txt' },
  ),
  named(
    'Alamofire, quotes without escapes',
    'Alamofire/Alamofire Source/MultipartFormData.swift',
    'name="f"; filename="a"b" c.txt"',
    { name: 'f', fileName: 'a"b" c.txt' },
  ),
  named(
    'form-data of Node, a quote without escape',
    'form-data/form-data lib/form_data.js',
    'name="a"b"; filename="c"d.txt"',
    { name: 'a"b', fileName: 'c"d.txt' },
  ),
  named(
    'OkHttp, a quote',
    'square/okhttp MultipartBody.kt, appendQuotedString',
    'name="a%22b"; filename="c%22d.txt"',
    { name: 'a"b', fileName: 'c"d.txt' },
  ),
  named(
    'undici, a quote and a line break',
    'nodejs/undici lib/web/fetch/body.js',
    'name="a%22%0D%0Ab"; filename="c%22d.txt"',
    { name: 'a"\r\nb', fileName: 'c"d.txt' },
  ),
  named(
    'Dart, a quote',
    'dart-lang/http multipart_request.dart, _browserEncode',
    'name="a%22b"; filename="c%22d.txt"',
    { name: 'a"b', fileName: 'c"d.txt' },
  ),
  named(
    'urllib3 before 1.25, a name outside ASCII',
    'urllib3/urllib3 src/urllib3/fields.py, format_header_param_rfc2231',
    "name*=utf-8''na%C3%AFve; filename*=utf-8''%E2%82%AC.txt",
    { name: 'naïve', fileName: '€.txt' },
  ),
  named(
    'urllib3 1.25, a quote and a backslash',
    'urllib3/urllib3 src/urllib3/fields.py, _HTML5_REPLACEMENTS',
    String.raw`name="a\\b%22c"; filename="é%22.txt"`,
    { name: String.raw`a\b"c`, fileName: 'é".txt' },
  ),
  named(
    'urllib3 2, a quote and a backslash',
    'urllib3/urllib3 src/urllib3/fields.py, format_multipart_header_param',
    String.raw`name="a\b%22c"; filename="é%22.txt"`,
    { name: String.raw`a\b"c`, fileName: 'é".txt' },
  ),
  named(
    'aiohttp, a name outside ASCII',
    'aio-libs/aiohttp aiohttp/helpers.py, content_disposition_header',
    `name="f"; filename="na%C3%AFve.txt"; filename*=utf-8''na%C3%AFve.txt`,
    { name: 'f', fileName: 'naïve.txt' },
  ),
  named(
    'httpx, a quote and a control character',
    'encode/httpx httpx/_multipart.py',
    'name="f"; filename="a%22%0Ab.txt"',
    { name: 'f', fileName: 'a"\nb.txt' },
  ),
  named(
    '.NET, values without quotes',
    'pillarjs/multiparty issue 244',
    'name=fieldName; filename=myfile.txt',
    { name: 'fieldName', fileName: 'myfile.txt' },
  ),
  named(
    '.NET, a name outside ASCII',
    'dotnet/corefx issue 22806',
    'name=files; filename="=?utf-8?B?5paw5bu65paH5pys5paH5qGjLnR4dA==?="; ' +
      "filename*=utf-8''%E6%96%B0%E5%BB%BA%E6%96%87%E6%9C%AC%E6%96%87%E6%A1%A3.txt",
    { name: 'files', fileName: '新建文本文档.txt' },
  ),
  named(
    'C# without filename*',
    'ninenines/cowboy issue 1284',
    'name="files[]"; filename="=?utf-8?B?0J/Qni50eHQ=?="',
    { name: 'files[]', fileName: 'ПО.txt' },
  ),
  named(
    'Spring, a name outside ASCII',
    'spring-projects/spring-framework ContentDisposition.java',
    'name="f"; filename="=?UTF-8?Q?caf=C3=A9_1.txt?="',
    { name: 'f', fileName: 'café 1.txt' },
  ),
  named(
    'Indy, encoded words split within a character',
    'IndySockets/Indy issue 174',
    'name="file"; filename="=?UTF-8?B?0J3QvtCy0YvQuSDRgtC10LrRgdGC0L7QstGL0Lkg0LTQvtC60YPQvNC10L3R' +
      '?= =?UTF-8?B?gi50eHQ=?="',
    { name: 'file', fileName: 'Новый текстовый документ.txt' },
  ),
  named(
    'a client with encoded words in an unknown charset',
    'RFC 2047 §6.2',
    'name="f"; filename="=?x-none?Q?a?="',
    { name: 'f', fileName: '=?x-none?Q?a?=' },
  ),
  named(
    'HttpComponents 5, a name outside Latin-1',
    'apache/httpcomponents-client HttpRFC7578Multipart.java',
    `name="f"; filename="%E2%82%AC.txt"; filename*="UTF-8''%E2%82%AC.txt"`,
    { name: 'f', fileName: '€.txt' },
  ),
  named(
    'HttpComponents 5 and a browser with a file of this name, which look the same',
    'RFC 7578 §4.2',
    'name="f"; filename="caf%C3%A9.txt"',
    { name: 'f', fileName: 'caf%C3%A9.txt' },
  ),
  named(
    'React Native',
    'facebook/react-native Libraries/Network/FormData.js',
    `name="f"; filename="a b.jpg"; filename*=utf-8''a%20b.jpg`,
    { name: 'f', fileName: 'a b.jpg' },
  ),
  named(
    'a client with filename* in quotes and in Latin-1',
    'microsoft/ModSecurity pull request 37',
    `name="b"; filename*="iso-8859-1''%A2Crazy%D6Hello.png"`,
    { name: 'b', fileName: '¢CrazyÖHello.png' },
  ),
  named(
    'Jersey, the name last',
    'eclipse-ee4j/jersey FormDataContentDisposition.java',
    'filename="a.txt"; modification-date="Mon, 01 Jan 2024 00:00:00 GMT"; size=3; name="f"',
    { name: 'f', fileName: 'a.txt' },
  ),
]

/** Names in other charsets than UTF-8. */
export const CLIENT_CHARSETS: ClientForm[] = [
  {
    client: 'a browser on a page in Latin-1',
    source: WHATWG,
    parameters: '; boundary=B',
    body: form('B', 'Content-Disposition: form-data; name="ñ"; filename="caf\xe9.txt"'),
    encoding: 'latin1',
    meant: [{ name: 'ñ', fileName: 'café.txt' }],
  },
  {
    client: 'a browser on a page in Shift_JIS, in which the second byte of 表 is a backslash',
    source: 'RFC 7578 §4.6',
    parameters: '; boundary=B',
    body: form(
      'B',
      'Content-Disposition: form-data; name="_charset_"\r\n\r\nShift_JIS',
      'Content-Disposition: form-data; name="f"; filename="\x95\x5c.txt"',
    ),
    encoding: 'latin1',
    meant: [
      { name: '_charset_', text: 'Shift_JIS' },
      { name: 'f', fileName: '表.txt' },
    ],
  },
  {
    client: 'Apache HttpClient 4 with a charset',
    source: 'apache/httpcomponents-client MultipartEntityBuilder.java, setCharset',
    parameters: '; boundary=B; charset=ISO-8859-2',
    body: form(
      'B',
      'Content-Disposition: form-data; name="f"; filename="\xb1.txt"\r\n' +
        'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary',
    ),
    encoding: 'latin1',
    meant: [{ name: 'f', fileName: 'ą.txt', mediaType: 'application/octet-stream' }],
  },
  {
    client: 'Java with DataOutputStream.writeBytes, which writes the low byte of each character',
    source: 'Java API, java.io.DataOutputStream',
    parameters: ';boundary=*****',
    body: form('*****', 'Content-Disposition: form-data; name="f";filename="Z\xfcrich.txt"'),
    encoding: 'latin1',
    meant: [{ name: 'f', fileName: 'Zürich.txt' }],
  },
]
