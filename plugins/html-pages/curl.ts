import { isUtf8 } from 'node:buffer'
import { spell } from './field.ts'

/** A request, as much of it as a command needs. */
export interface Request {
  method: string
  /** Absolute. */
  url: string
  /** By name, in lower case. */
  fields: Record<string, string>
  /** The scheme of the credentials that it needs; they themselves are never written. */
  scheme?: string | undefined
  /** Null where it is not known; that, and what is no text, is to be put in a file. */
  body?: string | Buffer | null | undefined
}

/** Placeholders: of a name, curl asks for the password. */
const CREDENTIALS: Record<string, string[]> = {
  basic: ['-u', 'NAME'],
  bearer: ['-H', 'Authorization: Bearer TOKEN'],
}

/**
 * Writes the curl command that makes a request: for a POSIX shell, in which nothing of what a client
 * has sent is more than text.
 */
export function writeCurl({ method, url, fields, scheme = '', body }: Request): string {
  const options = [
    method === 'GET' ? ['curl', '-i'] : ['curl', '-i', '-X', method],
    CREDENTIALS[scheme.toLowerCase()] ?? [],
    ...Object.entries(fields).map(([name, value]) => ['-H', `${spell(name)}: ${value}`]),
    body === undefined ? [] : dataOf(body),
    /[[\]{}]/.test(url) ? ['--globoff'] : [], // which would be patterns
    /\/\./.test(url) ? ['--path-as-is'] : [], // dots that would be resolved
    [url],
  ]
  const pieces = options.flatMap((option) => option.map(quote).join(' ') || [])
  const line = pieces.join(' ')
  return line.length > LINE_LIMIT ? pieces.join(' \\\n  ') : line
}

/** What is longer is broken into lines. */
const LINE_LIMIT = 80

/** What is longer is not for a command line, in octets. */
const DATA_LIMIT = 4_000

function dataOf(body: string | Buffer | null): string[] {
  const octets = Buffer.from(body ?? '\0')
  const isText = octets.length <= DATA_LIMIT && isUtf8(octets) && !octets.includes(0)
  return isText ? ['--data-raw', String(octets)] : ['--data-binary', '@FILE']
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f]/

/** Quotes a word for the shell; in the form `$'…'` where a character would not survive a terminal. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (!CONTROLS.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`
  const escaped = word.replace(/['\\]/g, '\\$&').replace(new RegExp(CONTROLS, 'g'), escapeControl)
  return `$'${escaped}'`
}

function escapeControl(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
