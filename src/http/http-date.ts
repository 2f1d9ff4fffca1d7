/** The forms of a date: the one that is sent, that of RFC 850, and that of `asctime`. */
const FORMS = [
  /^(?<weekday>\w{3}), (?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<time>\S{8}) GMT$/,
  /^(?<weekday>\w{3})(?<rest>\w+), (?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<time>\S{8}) GMT$/,
  /^(?<weekday>\w{3}) (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\S{8}) (?<year>\d{4})$/,
]

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/**
 * Reads a date in any of its three forms, letter for letter (RFC 9110 §5.6.7). A leap second is taken
 * for the one before it. Two digits are the latest year, at most 50 years ahead, in which that date had
 * that day of the week.
 *
 * @param now in milliseconds.
 * @returns milliseconds; NaN for what is no date, and for a day that never was.
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

/** Writes a date (RFC 9110 §5.6.7); a fraction of a second is dropped. */
export function formatHttpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString()
}

function parseFixdate(text: string): number {
  const date = text.replace(':60 GMT', ':59 GMT')
  const milliseconds = Date.parse(date)
  return formatHttpDate(milliseconds) === date ? milliseconds : Number.NaN
}
