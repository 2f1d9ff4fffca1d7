import type { WireCase } from './case.ts'
import { ACCOUNTS } from './cases/accounts.ts'
import { AUTHORIZATION } from './cases/authorization.ts'
import { BODY_LIMIT } from './cases/body-limit.ts'
import { CACHING } from './cases/caching.ts'
import { CONDITIONAL_READS } from './cases/conditional-reads.ts'
import { CONDITIONAL_WRITES } from './cases/conditional-writes.ts'
import { CONNECTIONS } from './cases/connections.ts'
import { CONTENT_CODING } from './cases/content-coding.ts'
import { CONTENT_LENGTH } from './cases/content-length.ts'
import { CONTENT_TYPE } from './cases/content-type.ts'
import { CREDENTIAL_CASES } from './cases/credentials.ts'
import { DISCOVERY } from './cases/discovery.ts'
import { EXPECTATIONS } from './cases/expectations.ts'
import { FORMS_AND_XML } from './cases/forms-and-xml.ts'
import { HEADER_FIELDS } from './cases/header-fields.ts'
import { HOST_CASES } from './cases/host.ts'
import { JSON_CASES } from './cases/json.ts'
import { METHODS } from './cases/methods.ts'
import { NEGOTIATED_ERRORS } from './cases/negotiated-errors.ts'
import { NEGOTIATION } from './cases/negotiation.ts'
import { PATH_PREFIX, PROXY } from './cases/path-prefix.ts'
import { RANGES } from './cases/ranges.ts'
import { TARGETS } from './cases/targets.ts'
import { TRANSFER_CODING } from './cases/transfer-coding.ts'
import { WRITES } from './cases/writes.ts'

/** Cases of one topic. */
export interface Table {
  title: string
  file: string
  cases: readonly WireCase[]
  /** Environment variables of the service, if the defaults do not fit. */
  environment?: Record<string, string>
}

/** All cases, in the order of docs/http.md. */
export const TABLES: readonly Table[] = [
  { title: 'Methods', file: 'test/wire/cases/methods.ts', cases: METHODS },
  { title: 'Targets', file: 'test/wire/cases/targets.ts', cases: TARGETS },
  { title: 'Host', file: 'test/wire/cases/host.ts', cases: HOST_CASES },
  { title: 'Content-Length', file: 'test/wire/cases/content-length.ts', cases: CONTENT_LENGTH },
  { title: 'Transfer coding', file: 'test/wire/cases/transfer-coding.ts', cases: TRANSFER_CODING },
  { title: 'Header fields', file: 'test/wire/cases/header-fields.ts', cases: HEADER_FIELDS },
  { title: 'Versions and connections', file: 'test/wire/cases/connections.ts', cases: CONNECTIONS },
  { title: 'Expectations', file: 'test/wire/cases/expectations.ts', cases: EXPECTATIONS },
  {
    title: 'Content-Type and Content-Encoding',
    file: 'test/wire/cases/content-type.ts',
    cases: CONTENT_TYPE,
  },
  { title: 'JSON', file: 'test/wire/cases/json.ts', cases: JSON_CASES },
  { title: 'Forms, XML and text', file: 'test/wire/cases/forms-and-xml.ts', cases: FORMS_AND_XML },
  { title: 'Body limit', file: 'test/wire/cases/body-limit.ts', cases: BODY_LIMIT },
  { title: 'Negotiation', file: 'test/wire/cases/negotiation.ts', cases: NEGOTIATION },
  {
    title: 'Negotiated errors and Vary',
    file: 'test/wire/cases/negotiated-errors.ts',
    cases: NEGOTIATED_ERRORS,
  },
  {
    title: 'Credentials',
    file: 'test/wire/cases/credentials.ts',
    cases: CREDENTIAL_CASES,
    environment: ACCOUNTS,
  },
  {
    title: 'Authorization',
    file: 'test/wire/cases/authorization.ts',
    cases: AUTHORIZATION,
    environment: ACCOUNTS,
  },
  { title: 'Content coding', file: 'test/wire/cases/content-coding.ts', cases: CONTENT_CODING },
  { title: 'Caching', file: 'test/wire/cases/caching.ts', cases: CACHING },
  {
    title: 'Conditional reads',
    file: 'test/wire/cases/conditional-reads.ts',
    cases: CONDITIONAL_READS,
  },
  {
    title: 'Conditional writes',
    file: 'test/wire/cases/conditional-writes.ts',
    cases: CONDITIONAL_WRITES,
  },
  { title: 'Responses to writes', file: 'test/wire/cases/writes.ts', cases: WRITES },
  { title: 'Ranges', file: 'test/wire/cases/ranges.ts', cases: RANGES },
  { title: 'Discovery', file: 'test/wire/cases/discovery.ts', cases: DISCOVERY },
  {
    title: 'Path prefix at a proxy',
    file: 'test/wire/cases/path-prefix.ts',
    cases: PATH_PREFIX,
    environment: PROXY,
  },
]
