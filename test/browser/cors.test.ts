/** Pages of other origins in Chromium, which show and fetch what the service sends. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyPluginAsync } from 'fastify'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { skipUnless } from '../requirement.ts'
import { listen } from './browser.ts'
import { launch } from './chromium.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** A tenth of a second of silence, as 8 kHz PCM. A video element plays it too. */
function createSound(): Buffer {
  const samples = Buffer.alloc(800, 128)
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(8_000, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

const FILES: [url: string, type: string, bytes: Buffer, shared: boolean][] = [
  ['/picture', 'image/png', PNG, false],
  ['/sound', 'audio/wav', createSound(), false],
  ['/shared/picture', 'image/png', PNG, true],
]

const routes: FastifyPluginAsync = async (app) => {
  for (const [url, type, bytes, shared] of FILES) {
    const options = shared ? { config: { resourcePolicy: 'cross-origin' as const } } : {}
    app.get(url, options, (_request, reply) =>
      reply.version({ version: '1' }).headers({ 'accept-ranges': 'bytes' }).type(type).send(bytes),
    )
  }
}

/** Serves an empty page, and returns its port. */
async function servePage(t: Test): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port // a TCP server has such an address
}

/** Loads a file in an element of the page; returns false if the browser blocks it. */
function loads(page: Page, element: 'img' | 'video', url: string, crossOrigin: string | null) {
  return page.evaluate<boolean>(`new Promise((resolve) => {
    const node = document.createElement('${element}')
    node.crossOrigin = ${JSON.stringify(crossOrigin)}
    node.addEventListener('${element === 'img' ? 'load' : 'canplaythrough'}', () => resolve(true))
    node.addEventListener('error', () => resolve(false))
    node.src = '${url}'
  })`)
}

/** Fetches a URL from the page, and returns the ETag that the page can read; undefined if the browser blocks it. */
function fetchTag(page: Page, url: string): Promise<string | null | undefined> {
  return page.evaluate(
    `fetch('${url}').then(({ headers }) => headers.get('etag'), () => undefined)`,
  )
}

t.test(
  'pages of the subdomains in CORS_ORIGIN can show and fetch files, and other pages cannot',
  { skip: skipUnless('chromium') },
  async (t) => {
    const port = await servePage(t)
    const app = await buildWith(t, routes, { CORS_ORIGIN: `http://*.localhost:${port}` })
    const origin = await listen(app)
    const browser = await launch()
    t.teardown(() => browser.close())
    for (const [host, isAllowed] of [
      ['app.localhost', true],
      ['a.app.localhost', true],
      ['localhost', false],
      ['127.0.0.1', false],
    ] as const) {
      const page = await browser.newPage()
      await page.goto(`http://${host}:${port}/`)
      t.equal(await loads(page, 'img', `${origin}/picture`, null), false, `${host}: img`)
      for (const element of ['img', 'video'] as const) {
        const url = `${origin}/${element === 'img' ? 'picture' : 'sound'}`
        const title = `${host}: ${element} with crossorigin`
        t.equal(await loads(page, element, url, 'anonymous'), isAllowed, title)
        t.equal(
          await loads(page, element, url, 'use-credentials'),
          false,
          `${title} and credentials`,
        )
        t.equal(
          await loads(page, element, url, null),
          false,
          `${host}: ${element} without crossorigin`,
        )
      }
      t.equal(
        await fetchTag(page, `${origin}/picture`),
        isAllowed ? '"1"' : undefined,
        `${host}: fetch`,
      )
      t.equal(
        await loads(page, 'img', `${origin}/shared/picture`, null),
        true,
        `${host}: shared img`,
      )
      t.equal(await loads(page, 'img', `${origin}/shared/picture`, 'anonymous'), isAllowed)
      await page.close()
    }
  },
)
