// node:http without a framework: the least CPU time that a response takes in Node.
import { createServer } from 'node:http'
import { GREETING, isAuthorized, PORT, SECRET } from './answers.js'
import { findArticle, listArticles } from './articles.js'

createServer((request, response) => {
  const { method, url } = request
  if (method === 'POST' && url === '/drafts') {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const draft = JSON.parse(text)
      if (isDraft(draft)) answer(response, 200, draft)
      else answer(response, 400, { status: 400 })
    })
  } else if (url === '/hello') answer(response, 200, GREETING)
  else if (url.startsWith('/hello?')) {
    const name = new URLSearchParams(url.slice('/hello?'.length)).get('name')
    write(response, 200, 'text/plain; charset=utf-8', `Hello ${name}`)
  } else if (url === '/articles') answer(response, 200, { items: listArticles() })
  else if (url.startsWith('/articles/')) {
    answer(response, 200, findArticle(Number(url.slice('/articles/'.length))))
  } else if (url !== '/secrets') answer(response, 404, { status: 404 })
  else if (isAuthorized(request.headers.authorization)) answer(response, 200, SECRET)
  else answer(response, 401, { status: 401 })
}).listen(PORT, '127.0.0.1')

function isDraft({ title, body, author }) {
  return [title, body, author].every((text) => typeof text === 'string' && text.length > 0)
}

function answer(response, status, document) {
  write(response, status, 'application/json; charset=utf-8', JSON.stringify(document))
}

function write(response, status, type, text) {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
