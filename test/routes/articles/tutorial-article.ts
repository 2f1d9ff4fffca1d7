/** The article that a new database contains. */
export const TUTORIAL_ARTICLE = {
  id: 123,
  title: 'Implementing a RESTful Web API',
  body: 'You are reading 123',
  author: 'Luis Rei',
  createdAt: '2012-04-25T16:40:27.000Z',
  updatedAt: '2012-04-25T16:40:27.000Z',
}
