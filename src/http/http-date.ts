/** Formats of a date: IMF-fixdate (which the service sends), RFC 850 and asctime. */
const FORMS = [
  /^(?<weekday>\w{3}), (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\S{8}) GMT$/,
  /^(?<weekday>\w{3})(?<rest>\w+), (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\S{8}) GMT$/,
  /^(?<weekday>\w{3}) (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\S{8}) (?<year>\d{4})$/,
]

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/**
 * Parses a date in any of the three formats, case-sensitive (RFC 9110 §5.6.7). A leap second counts as the previous
 * second. A two-digit year means the latest year, at most 50 years ahead, in which the date falls on the given day
 * of the week.
 *
 * @param now in milliseconds
 * @returns milliseconds; NaN for any other text, and for a date that does not exist in the calendar
 */
export function parseHttpDate(field: string, now = Date.now()): number {
  const groups = FORMS.map((form) => form.exec(field)).find(Boolean)?.groups
  if (!groups) return Number.NaN
  const { weekday = '', rest, day = '', month, year = '', time } = groups
  const dateIn = (fullYear: number | string) =>
    parseFixdate(`${weekday}, ${day.replace(' ', '0')} ${month} ${fullYear} ${time} GMT`)
  if (rest === undefined) return dateIn(year)
  if (!WEEKDAYS.includes(weekday + rest)) return Number.NaN
  const limit = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50)
  const latest = new Date(limit).getUTCFullYear()
  const nearest = latest - ((latest - Number(year)) % 100)
  return [nearest, nearest - 100].map(dateIn).find((date) => date <= limit) ?? Number.NaN
}

/** Returns an IMF-fixdate (RFC 9110 §5.6.7), without the fraction of the second. */
export function formatHttpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString()
}

function parseFixdate(text: string): number {
  const date = text.replace(':60 GMT', ':59 GMT')
  const milliseconds = Date.parse(date)
  return formatHttpDate(milliseconds) === date ? milliseconds : Number.NaN
}
