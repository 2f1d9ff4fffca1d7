import type { Session } from '../../src/storage/database.ts'
import { createArticleStore } from './store.ts'

const AUTHORS = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper']
const LESSONS = 9 // of each author, so that the list has two pages

/** Writes the example rows of `npm run db -- seed`. */
export async function seed(session: Session): Promise<void> {
  const articles = createArticleStore(session)
  for (const author of AUTHORS) {
    for (let lesson = 1; lesson <= LESSONS; lesson++) {
      await articles.create({ title: `Lesson ${lesson}`, body: `A text by ${author}`, author })
    }
  }
}
