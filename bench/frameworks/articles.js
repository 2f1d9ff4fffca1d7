// Reads and writes articles in SQLite for all compared servers in JavaScript. Uses the tables of the service, and
// prepares each statement once.
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.env.DATABASE)
database.exec('pragma synchronous = full')

const COLUMNS = 'id, title, author, created_at as createdAt, updated_at as updatedAt'
const row = database.prepare(`select ${COLUMNS}, body from articles where id = ?`)
const page = database.prepare(`select ${COLUMNS} from articles order by id limit 20`)
const insertion = database.prepare(
  `insert into articles (title, body, author, created_at, updated_at, words, revision_nonce)
   values (?, ?, ?, ?, ?, ?, '') returning ${COLUMNS}, body`,
)

export const findArticle = (id) => row.get(id)

export const listArticles = () => page.all()

/** Inserts an article in a transaction of its own, without group commit. */
export function createArticle({ title, body, author }) {
  const now = new Date().toISOString()
  return insertion.get(title, body, author, now, now, `${title} ${body} ${author}`.toLowerCase())
}
