// Writes curl commands, on the server and in the script of the pages. It imports nothing for this reason.

/** Longer commands are broken into lines. */
const MAX_LINE_LENGTH = 80

/** Longer bodies are read from a file. */
const MAX_DATA_LENGTH = 4_000

/**
 * Returns a curl command for a POSIX shell, except for control characters: see `quote`. Text from the request is quoted.
 *
 * @param {object} request
 * @param {string} request.method
 * @param {string} request.url absolute URL
 * @param {[name: string, value: string][]} request.fields header fields
 * @param {string[]} [request.credentials] options of curl
 * @param {string[][]} [request.data] options of curl for the body
 * @returns {string}
 */
export function curlCommand({ method, url, fields, credentials = [], data = [] }) {
  const options = [
    method === 'GET' ? ['curl', '-i'] : ['curl', '-i', '-X', method],
    credentials,
    ...fields.map(([name, value]) => ['-H', `${name}: ${value}`]),
    ...data,
    /[[\]{}]/.test(url) ? ['--globoff'] : [], // otherwise curl would expand these characters as patterns
    /\/\./.test(url) ? ['--path-as-is'] : [], // otherwise curl would resolve dot segments
    [url],
  ]
  const parts = options.flatMap((option) => option.map(quote).join(' ') || [])
  const line = parts.join(' ')
  return line.length > MAX_LINE_LENGTH ? parts.join(' \\\n  ') : line
}

/**
 * Returns the options of curl for a body. Long and binary bodies are read from a file.
 *
 * @param {string | undefined} text undefined if the body is binary
 * @returns {string[][]}
 */
export function dataOptions(text) {
  const isShort = text !== undefined && text.length <= MAX_DATA_LENGTH && !text.includes('\0')
  return [isShort ? ['--data-raw', text] : ['--data-binary', '@FILE']]
}

/**
 * Returns the options of curl for the parts of a form. curl writes Content-Type with a boundary itself.
 *
 * @param {{ name: string, value?: string | undefined }[]} parts a part without a value is a file
 * @returns {string[][]}
 */
export function formOptions(parts) {
  return parts.map(({ name, value }) =>
    value === undefined ? ['-F', `${name}=@FILE`] : ['--form-string', `${name}=${value}`],
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g

/**
 * Quotes a word for the shell. Escapes control characters other than tabs and line feeds as in `$'\x1b'`, since a terminal
 * would interpret them. Only then, the command needs bash, ksh or zsh instead of a POSIX shell.
 *
 * @param {string} word
 * @returns {string}
 */
export function quote(word) {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  const escaped = word.replace(/['\\]/g, '\\$&').replace(CONTROLS, escapeControl)
  return word.search(CONTROLS) < 0 ? `'${word.replaceAll("'", `'\\''`)}'` : `$'${escaped}'`
}

/** @param {string} character */
function escapeControl(character) {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
