import type { WireCase } from '../case.ts'
import { GET, head, LOCAL, refused } from './malformed-requests.ts'

const HOST = 'RFC 9112 §3.2'

const NO_HOST = 'Host is not a valid host'

const TWO_HOSTS = 'there is more than one Host'

export const HOST_CASES: WireCase[] = [
  refused(HOST, 'no Host', head(GET), 'Host is missing'),
  refused(HOST, 'two Hosts', head(GET, LOCAL, 'Host: example.com'), TWO_HOSTS),
  refused(HOST, 'the same Host twice', head(GET, LOCAL, LOCAL), TWO_HOSTS),
  refused(
    HOST,
    'two Hosts, one of them named `hOST`',
    head(GET, LOCAL, 'hOST: localhost'),
    TWO_HOSTS,
  ),
  refused(HOST, 'an empty Host', head(GET, 'Host:'), NO_HOST),
  refused(HOST, 'two hosts in one Host', head(GET, 'Host: localhost, example.com'), NO_HOST),
  refused(HOST, 'a Host with a path', head(GET, 'Host: localhost/evil'), NO_HOST),
  refused(HOST, 'a Host with markup', head(GET, 'Host: <script>'), NO_HOST),
  refused(HOST, 'a Host with a user', head(GET, 'Host: admin@localhost'), NO_HOST),
  refused(HOST, 'a Host with a space', head(GET, 'Host: local host'), NO_HOST),
  refused(
    HOST,
    'a Host with a port that is not a number',
    head(GET, 'Host: localhost:http'),
    NO_HOST,
  ),
  refused(HOST, 'a Host with a port over 65,535', head(GET, 'Host: localhost:65536'), NO_HOST),
  refused(HOST, 'a Host with a byte outside ASCII', head(GET, 'Host: l\xf6calhost'), NO_HOST),
  refused(HOST, 'a Host with an unclosed bracket', head(GET, 'Host: [::1'), NO_HOST),
  {
    section: HOST,
    sent: 'a Host with an IPv6 address and a port',
    bytes: head(GET, 'Host: [::1]:5000'),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: HOST,
    sent: 'a Host in upper case with an empty port',
    bytes: head(GET, 'Host: LOCALHOST:'),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: HOST,
    sent: 'no Host, with HTTP/1.0',
    bytes: head('GET /greeting HTTP/1.0'),
    statuses: [200],
    isClosed: true,
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §15.5.20',
    sent: 'a Host that the service does not serve',
    bytes: head(GET, 'Host: elsewhere.example'),
    statuses: [421],
  },
]
