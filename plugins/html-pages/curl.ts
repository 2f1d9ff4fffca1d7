import { isUtf8 } from 'node:buffer'
import { SCHEME_INFO, type Scheme } from '../../src/http/authentication-schemes.ts'
import { canonicalName } from './field.ts'

export interface CurlRequest {
  method: string
  /** Absolute URL. */
  url: string
  /** Header fields by name, in lower case. */
  fields: Record<string, string>
  /** Authentication scheme. Commands have a placeholder instead of credentials. */
  scheme?: Scheme | undefined
  /** Null if the content of the body is unknown. The command reads unknown, binary and long bodies from a file. */
  body?: string | Buffer | null | undefined
}

/** Returns the curl command of a request, for a POSIX shell. Text from the request is quoted. */
export function curlCommand({ method, url, fields, scheme, body }: CurlRequest): string {
  const options = [
    method === 'GET' ? ['curl', '-i'] : ['curl', '-i', '-X', method],
    scheme ? SCHEME_INFO[scheme].curl : [],
    ...Object.entries(fields).map(([name, value]) => ['-H', `${canonicalName(name)}: ${value}`]),
    body === undefined ? [] : dataOption(body),
    /[[\]{}]/.test(url) ? ['--globoff'] : [], // otherwise curl would expand these characters as patterns
    /\/\./.test(url) ? ['--path-as-is'] : [], // otherwise curl would resolve dot segments
    [url],
  ]
  const parts = options.flatMap((option) => option.map(quote).join(' ') || [])
  const line = parts.join(' ')
  return line.length > MAX_LINE_LENGTH ? parts.join(' \\\n  ') : line
}

/** Longer commands are broken into lines. */
const MAX_LINE_LENGTH = 80

/** Longer bodies are read from a file. */
const MAX_DATA_BYTES = 4_000

function dataOption(body: string | Buffer | null): string[] {
  const bytes = Buffer.from(body ?? '\0')
  const isText = bytes.length <= MAX_DATA_BYTES && isUtf8(bytes) && !bytes.includes(0)
  return isText ? ['--data-raw', String(bytes)] : ['--data-binary', '@FILE']
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f]/

/** Quotes a word for the shell. Escapes control characters as in `$'\x1b'`, since a terminal would interpret them. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (!CONTROLS.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`
  const escaped = word.replace(/['\\]/g, '\\$&').replace(new RegExp(CONTROLS, 'g'), escapeControl)
  return `$'${escaped}'`
}

function escapeControl(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
