import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import t from 'tap'
import { closeUnlessRead } from '../../../src/http/early-response.ts'

t.test('closeUnlessRead() closes the connection if there is no parser to ask', async (t) => {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.headers.upgrade = 'h2c'
  const response = new ServerResponse(request)
  response.shouldKeepAlive = true
  closeUnlessRead(request, response)
  response.writeHead(200)
  t.equal(response.shouldKeepAlive, false)
})
