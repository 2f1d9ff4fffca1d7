// Reads and writes articles in PostgreSQL for bare Fastify, with the functions of articles.js. Uses the tables of the
// service, the driver's pool with its defaults, and named statements, which each connection prepares once.
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE, types: { getTypeParser } })

/** Reads 64-bit integers as numbers, since the ids of the JSON are numbers. */
function getTypeParser(type, format) {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)
}

const COLUMNS = 'id, title, author, created_at as "createdAt", updated_at as "updatedAt"'
const ROW = { name: 'row', text: `select ${COLUMNS}, body from articles where id = $1` }
const PAGE = { name: 'page', text: `select ${COLUMNS} from articles order by id limit 20` }
const INSERTION = {
  name: 'insertion',
  text: `insert into articles (title, body, author, created_at, updated_at, words, revision_nonce)
    values ($1, $2, $3, $4, $5, $6, '') returning ${COLUMNS}, body`,
}

export async function findArticle(id) {
  const { rows } = await pool.query({ ...ROW, values: [id] })
  return rows[0]
}

export async function listArticles() {
  const { rows } = await pool.query(PAGE)
  return rows
}

export async function createArticle({ title, body, author }) {
  const now = new Date().toISOString()
  const words = `${title} ${body} ${author}`.toLowerCase()
  const { rows } = await pool.query({
    ...INSERTION,
    values: [title, body, author, now, now, words],
  })
  return rows[0]
}
