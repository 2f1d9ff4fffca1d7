import { registerHooks } from 'node:module'

/** What plugins hook in for each request, as against those for a start and an end. */
const OF_REQUESTS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onRequestAbort',
]

/**
 * Has a plugin hook into no request, to find out what it costs. What it decorates stays, for those that
 * need it. To be called before the app is loaded, which knows nothing of it.
 */
export function leaveOut(plugin: string) {
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith(`/plugins/${plugin}.ts`)) return nextLoad(url, context)
      return { format: 'module', shortCircuit: true, source: sourceOf(`${url}?whole`) }
    },
  })
}

function sourceOf(whole: string): string {
  return `
    import plugin from '${whole}'
    import fp from 'fastify-plugin'
    export * from '${whole}'

    const without = (app) => new Proxy(app, {
      get(app, name) {
        const member = app[name]
        if (typeof member !== 'function') return member
        if (name !== 'addHook') return member.bind(app)
        return (hook, ...rest) =>
          ${JSON.stringify(OF_REQUESTS)}.includes(hook) ? app : app.addHook(hook, ...rest)
      },
    })
    const meta = plugin[Symbol.for('plugin-meta')]
    export default fp((app, ...rest) => plugin(without(app), ...rest), meta)
  `
}
