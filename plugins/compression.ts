import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { type Coding, type Content, compress } from '../src/http/content-coding.ts'

/** Compression: gives what is sent the coding that was chosen for it (RFC 9110 §8.4). */
export default fp(
  async (app) => {
    app.addHook('onSend', (_request, reply, payload, done) => {
      const { coding } = reply
      // nothing else is given a coding; a promise has Fastify catch what is thrown behind it
      if (coding && payload) return encode(reply, payload as Content, coding)
      done() // at once: most replies pass by
    })
  },
  { name: 'compression', dependencies: ['coding', 'conditions'] },
)

async function encode(reply: FastifyReply, content: Content, coding: Coding) {
  reply.header('content-encoding', coding)
  return compress(coding, content)
}
