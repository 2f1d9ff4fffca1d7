/** Change of a table, as far as the text of a statement shows it. */
interface Change {
  table: string
  isDeletion: boolean
}

const CHANGE =
  /\b(?:(?:insert|replace)(?:\s+or\s+\w+)?\s+into|update(?:\s+or\s+\w+)?|(delete)\s+from)\s+(?:"?\w+"?\s*\.\s*)?"?(\w+)/i

/** Returns the first change that a statement makes; undefined for a statement that changes no table, such as `commit`. */
export function changeOf(sql: string): Change | undefined {
  const [, deletion, table] = CHANGE.exec(sql) ?? []
  return table === undefined ? undefined : { table, isDeletion: deletion !== undefined }
}

/** Returns the statement with `returning *` instead of its own list of returned columns, if any. */
export function returningAll(sql: string): string {
  return `${sql.replace(/\sreturning\s[^']*$/i, '')} returning *`
}
