/**
 * Forms as clients send them: the bytes of each client, their source, and the meaning for the client. A source is a
 * document, a file of a public repository, or a report in its issues.
 */

/** A part as the client means it. */
interface Meant {
  name: string
  fileName?: string
  mediaType?: string
  text?: string
}

export interface ClientForm {
  client: string
  source: string
  /** Parameters of Content-Type, after `multipart/form-data`. */
  parameters: string
  body: string
  /** Encoding of the body; UTF-8 by default. */
  encoding?: 'latin1'
  meant: Meant[] | { refused: string }
}

/** Writes a body of parts, each of which has the header fields and the content `abc`, if it has no content. */
export function form(boundary: string, ...parts: string[]): string {
  const lines = parts.map((part) => (part.includes('\r\n\r\n') ? part : `${part}\r\n\r\nabc`))
  return `${lines.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
}

/** A form of one part, in which only Content-Disposition matters. */
export function named(client: string, source: string, values: string, meant: Meant): ClientForm {
  const body = form('B', `Content-Disposition: form-data; ${values}`)
  return { client, source, parameters: '; boundary=B', body, meant: [meant] }
}

/** Source of the forms of browsers. */
export const WHATWG = 'WHATWG HTML, multipart/form-data encoding algorithm'
