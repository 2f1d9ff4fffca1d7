/** Types of fields: how a value is validated, stored and shown in examples. */

export interface FieldType {
  /** Function of src/schemas/property-schemas.ts that returns the schema; undefined for a schema of TypeBox. */
  helper?: string
  /** Returns the expression of the schema. */
  schema(description: string): string
  /** Type of the column in TypeScript. */
  rowType: string
  /** Type of the column in SQL, as an expression of a migration. */
  sqlType: string
  /** Two different valid values. */
  examples: readonly [unknown, unknown]
  /** A value of the JSON type that the schema refuses, or of another one. */
  invalid: unknown
  isUnsuitableAsKey?: true
}

const TEXT = { rowType: 'string', sqlType: 'dialect.text' } as const
const INTEGER = { rowType: 'number', sqlType: 'dialect.integer' } as const

/** Returns the type of a text with a schema that takes no limit. */
function format(helper: string, examples: FieldType['examples'], invalid: string): FieldType {
  return { ...TEXT, helper, schema: (name) => `${helper}(${name})`, examples, invalid }
}

export const FIELD_TYPES: Record<string, FieldType> = {
  line: {
    ...TEXT,
    helper: 'singleLine',
    schema: (description) => `singleLine(200, ${description})`,
    examples: ['A line', 'Another line'],
    invalid: 'two\nlines',
  },
  text: {
    ...TEXT,
    helper: 'multiLine',
    schema: (description) => `multiLine(10_000, ${description})`,
    examples: ['A text\nof two lines', 'Another text'],
    invalid: '\0',
    isUnsuitableAsKey: true, // PostgreSQL indexes only short text
  },
  int: {
    ...INTEGER,
    schema: (description) =>
      `Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, description: ${description} })`,
    examples: [1, 2],
    invalid: 1e300,
  },
  number: {
    rowType: 'number',
    sqlType: "'double precision'",
    schema: (description) => `Type.Number({ description: ${description} })`,
    examples: [1.5, 2.5],
    invalid: '1.5',
  },
  boolean: {
    ...INTEGER, // SQLite has no boolean type
    schema: (description) => `Type.Boolean({ description: ${description} })`,
    examples: [true, false],
    invalid: 'true',
    isUnsuitableAsKey: true,
  },
  date: format('date', ['2027-01-31', '2027-02-28'], '2027-02-29'),
  time: format('timeOfDay', ['09:00:00Z', '17:30:00+01:00'], '24:00:00Z'),
  timestamp: format(
    'utcTime',
    ['2027-01-31T09:00:00.000Z', '2027-02-28T17:30:00.000Z'],
    '2027-01-31T09:00:00Z',
  ),
  email: format('emailAddress', ['ann@example.com', 'bob@example.com'], 'ann'),
  url: format('webUrl', ['https://example.com/a', 'https://example.com/b'], 'ftp://example.com'),
  uuid: format(
    'uuid',
    ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'],
    '00000000-0000-4000-8000-00000000000A',
  ),
}
