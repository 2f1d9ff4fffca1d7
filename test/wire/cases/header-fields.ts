import { request, type WireCase } from '../case.ts'
import { codings, GET, head, LOCAL, lengths, refused } from './malformed-requests.ts'

const FIELDS = 'RFC 9112 §5.1'

const FOLDING = 'RFC 9112 §5.2'

export const HEADER_FIELDS: WireCase[] = [
  refused(FOLDING, 'a field folded with a space', head(GET, LOCAL, 'X-Folded: a', ' b')),
  refused(FOLDING, 'a field folded with a tab', head(GET, LOCAL, 'X-Folded: a', '\tb')),
  refused(FOLDING, 'a space before the first field', head(GET, ` ${LOCAL}`)),
  refused(FOLDING, 'a folded Transfer-Encoding', codings('Transfer-Encoding:', ' chunked')),
  refused(FIELDS, 'a space before the colon', head(GET, LOCAL, 'X-Field : a')),
  refused(FIELDS, 'a space before the colon of Content-Length', lengths('Content-Length : 5')),
  refused(
    FIELDS,
    'a tab before the colon of Transfer-Encoding',
    codings('Transfer-Encoding\t: chunked'),
  ),
  refused(FIELDS, 'a field without a name', head(GET, LOCAL, ': a')),
  refused(FIELDS, 'a field without a colon', head(GET, LOCAL, 'no colon')),
  refused(
    FIELDS,
    'a field name with a character that tokens cannot have',
    head(GET, LOCAL, 'X(Field): a'),
  ),
  refused(FIELDS, 'a field name with a byte outside ASCII', head(GET, LOCAL, 'X-F\xefeld: a')),
  refused('RFC 9110 §5.5', 'a NUL in a field', head(GET, LOCAL, 'X-Field: a\x00b')),
  refused('RFC 9110 §5.5', 'a control character in a field', head(GET, LOCAL, 'X-Field: a\x01b')),
  refused('RFC 9110 §5.5', 'a DEL in a field', head(GET, LOCAL, 'X-Field: a\x7fb')),
  refused('RFC 9112 §2.2', 'lines that end in a bare LF', head(GET, LOCAL).replaceAll('\r', '')),
  refused(
    'RFC 9112 §2.2',
    'a field that ends in a bare LF',
    `${GET}\r\n${LOCAL}\nX-Field: a\r\n\r\n`,
  ),
  refused('RFC 9112 §2.2', 'a bare CR in a field', head(GET, LOCAL, 'X-Field: a\rX-Other: b')),
  refused('RFC 9112 §2.2', 'a bare CR that ends a line', `${GET}\r${LOCAL}\r\n\r\n`),
  refused('RFC 9112 §2.2', 'white space before the first field', `${GET}\r\n \r\n${LOCAL}\r\n\r\n`),
  refused('RFC 9112 §3', 'a NUL in the target', head('GET /gree\x00ting HTTP/1.1', LOCAL)),
  refused('RFC 9112 §3', 'a tab instead of a space', head('GET\t/greeting HTTP/1.1', LOCAL)),
  {
    section: 'RFC 9112 §2.2',
    sent: 'an empty line before the request',
    bytes: `\r\n${request('GET /greeting')}`,
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §5.5',
    sent: 'a byte outside ASCII in a field',
    bytes: head(GET, LOCAL, 'X-Field: \xe9'),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9112 §5.1',
    sent: 'fields with no white space and with extra white space',
    bytes: head(GET, 'Host:localhost', 'Accept: \t application/json \t '),
    statuses: [200],
    headers: { 'content-type': 'application/json; charset=utf-8' },
  },
]
