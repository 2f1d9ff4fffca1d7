import { createArticleStore } from '../routes/articles/store.ts'
import { inTransaction } from '../src/storage/database.ts'
import { migrate } from '../src/storage/migrations.ts'
import { openDatabase } from '../src/storage/open-database.ts'

const ROWS = 1_000

/** Fills a new database with the service's tables, the tutorial's article 123, and 1,000 articles with larger ids. */
export async function seed(url: string) {
  const database = await openDatabase(url)
  await migrate(database)
  await database.transact(async (transaction) => {
    const articles = createArticleStore(inTransaction(database, transaction))
    for (let number = 1; number <= ROWS; number++) {
      await articles.create({
        title: `Article ${number}`,
        body: `This is the text of article number ${number}, which is short.`,
        author: `Author ${number % 10}`,
      })
    }
  })
  await database.close()
}
