import { isUtf8 } from 'node:buffer'
import { SCHEME_INFO, type Scheme } from '../../src/http/authentication-schemes.ts'
import { kindOf } from '../../src/http/body.ts'
import { essenceOf } from '../../src/http/media-types.ts'
import { parseMultipart } from '../../src/http/multipart/index.ts'
import { curlCommand, dataOptions, formOptions } from './assets/curl.js'
import { canonicalName } from './field.ts'

/** A public account for first trials. */
export interface TrialAccount {
  user: string
  password: string
  token: string
}

/** A part of a form; a file if `value` is undefined. */
export interface FormPart {
  name: string
  value?: string | undefined
}

export interface CurlRequest {
  method: string
  /** Absolute URL. */
  url: string
  /** Header fields by name, in lower case. */
  fields: Record<string, string>
  /** Authentication scheme. */
  scheme?: Scheme | undefined
  /** Account of the command; without it, the command has a placeholder. */
  account?: TrialAccount | undefined
  /** Null if the content of the body is unknown. The command reads unknown, binary and long bodies from a file. */
  body?: string | Buffer | FormPart[] | null | undefined
}

/** Returns the curl command of a request, for a POSIX shell. */
export function writeCommand({ method, url, fields, body, ...request }: CurlRequest): string {
  const { 'content-type': contentType = '', ...others } = fields
  const isForm = Array.isArray(body) || kindOf(essenceOf(contentType)) === 'multipart'
  const written = isForm ? others : fields
  return curlCommand({
    method,
    url,
    fields: Object.entries(written).map(([name, value]) => [canonicalName(name), value]),
    credentials: credentialOptions(request),
    data: isForm ? formOptions(partsOf(body, contentType)) : bodyOptions(body),
  })
}

function credentialOptions({ scheme, account }: Pick<CurlRequest, 'scheme' | 'account'>) {
  if (!scheme) return []
  const { curl } = SCHEME_INFO[scheme]
  if (!account) return curl
  const { user, password, token } = account
  return curl.map((word) => word.replace('NAME', `${user}:${password}`).replace('TOKEN', token))
}

function bodyOptions(body: string | Buffer | null | undefined | FormPart[]): string[][] {
  if (body === undefined || Array.isArray(body)) return []
  const bytes = Buffer.from(body ?? '\0')
  return dataOptions(isUtf8(bytes) ? String(bytes) : undefined)
}

/** Returns the parts of a form; a single file if the form cannot be read. */
function partsOf(body: CurlRequest['body'], contentType: string): FormPart[] {
  if (Array.isArray(body)) return body
  try {
    return parseMultipart(Buffer.from(body ?? ''), contentType).map(({ name, fileName, bytes }) =>
      fileName === undefined && isUtf8(bytes) ? { name, value: String(bytes) } : { name },
    )
  } catch {
    return [{ name: 'file' }]
  }
}
