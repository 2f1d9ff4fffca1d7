import fp from 'fastify-plugin'
import { type Content, compress } from '../src/http/content-coding.ts'

/** Compression: gives what is sent the coding that was chosen for it (RFC 9110 §8.4). */
export default fp(
  async (app) => {
    app.addHook('onSend', async (_request, reply, payload) => {
      const { coding } = reply
      if (!coding || !payload) return payload // a 304 has no content
      reply.header('content-encoding', coding)
      return compress(coding, payload as Content) // nothing else is given a coding
    })
  },
  { name: 'compression', dependencies: ['coding', 'conditions'] },
)
