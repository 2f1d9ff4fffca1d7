import t from 'tap'
import { formatHttpDate, parseHttpDate } from '../../../src/http/http-date.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

const DATES: [field: string, iso: string][] = [
  ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
  ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['Sun Nov 06 08:49:37 1994', '1994-11-06T08:49:37Z'],
  ['Wed Nov 16 00:00:00 1994', '1994-11-16T00:00:00Z'],
  ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59Z'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', '2016-12-31T23:59:59Z'],
  ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z'],
  ['Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01T00:00:00Z'],
  ['Wednesday, 06-Nov-19 08:49:37 GMT', '2019-11-06T08:49:37Z'],
  ['Tuesday, 06-Nov-29 08:49:37 GMT', '2029-11-06T08:49:37Z'],
  // A two-digit year is read as a past year if the date would otherwise be more than 50 years ahead. The next two
  // dates are exactly 50 years ahead, and one second more.
  ['Sunday, 22-Nov-76 12:00:00 GMT', '2076-11-22T12:00:00Z'],
  ['Monday, 22-Nov-76 12:00:01 GMT', '1976-11-22T12:00:01Z'],
  ['Saturday, 06-Nov-76 08:49:37 GMT', '1976-11-06T08:49:37Z'],
  ['Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37Z'],
  ['Saturday, 01-Jan-00 00:00:00 GMT', '2000-01-01T00:00:00Z'],
  ['Thursday, 05-Nov-26 08:49:37 GMT', '2026-11-05T08:49:37Z'],
  ['Friday, 06-Nov-26 08:49:37 GMT', '2026-11-06T08:49:37Z'],
]

for (const [field, iso] of DATES) {
  t.test(`parseHttpDate() reads ${field} as ${iso}`, async (t) => {
    t.equal(parseHttpDate(field, NOW), Date.parse(iso))
  })
}

const NO_DATES = [
  '',
  'now',
  '0',
  '1994-11-06T08:49:37Z',
  'Mon, 06 Nov 1994 08:49:37 GMT',
  'Sun, 6 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 +0000',
  'Sun, 06 Nov 1994 08:49:37',
  'Sun, 06 Nov 1994 08:49:37 gmt',
  'sun, 06 nov 1994 08:49:37 GMT',
  'Sun,06 Nov 1994 08:49:37 GMT',
  'Sun, 06  Nov 1994 08:49:37 GMT',
  ' Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:00:00 GMT',
  'Sun, 06 Nov 1994 08:60:37 GMT',
  'Sun, 06 Nov 1994 08:49:61 GMT',
  'Sun, 06 Nov 1994 8:49:037 GMT',
  'Sun, 06 Nov 0094 08:49:37 GMT',
  'Wed, 29 Feb 2023 00:00:00 GMT',
  'Wed, 00 Mar 2023 00:00:00 GMT',
  'Sun, 06 Foo 1994 08:49:37 GMT',
  'Foo, 06 Nov 1994 08:49:37 GMT',
  'Sun, 06-Nov-94 08:49:37 GMT',
  'Sunsday, 06-Nov-94 08:49:37 GMT',
  'Monday, 06-Nov-94 08:49:37 GMT',
  'Sunday, 06 Nov 94 08:49:37 GMT',
  'Sunday, 06-Nov-1994 08:49:37 GMT',
  'Sun Nov 6 08:49:37 1994',
  'Sun Nov  6 08:49:37 1994 GMT',
  'Mon Nov  6 08:49:37 1994',
  'Thu Nov  0 08:49:37 1994',
]

for (const field of NO_DATES) {
  t.test(`parseHttpDate() returns NaN for ${JSON.stringify(field)}`, async (t) => {
    t.ok(Number.isNaN(parseHttpDate(field, NOW)))
    t.ok(Number.isNaN(parseHttpDate(field)), 'the result does not depend on the current time')
  })
}

t.test('formatHttpDate() returns an IMF-fixdate', async (t) => {
  t.equal(formatHttpDate(Date.UTC(1994, 10, 6, 8, 49, 37, 999)), 'Sun, 06 Nov 1994 08:49:37 GMT')
})
