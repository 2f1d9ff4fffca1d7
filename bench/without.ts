import { existsSync, readdirSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'

/** Hooks that run for each request, unlike those of a start and an end. */
const REQUEST_HOOKS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onRequestAbort',
]

/** Returns the names of the plugins in a folder, each either `NAME.ts` or `NAME/index.ts`. */
export function findPlugins(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.ts') || existsSync(join(folder, entry, 'index.ts')))
    .map((entry) => entry.replace(/\.ts$/, ''))
}

/** Returns whether a URL is that of the module that exports the plugin. */
export function isModuleOf(plugin: string, url: string): boolean {
  return [`/plugins/${plugin}.ts`, `/plugins/${plugin}/index.ts`].some((path) => url.endsWith(path))
}

/**
 * Ignores the request hooks of a plugin, to find out what it costs. Its decorators stay, since other
 * plugins need them. Must be called before the app is loaded.
 */
export function disableHooks(plugin: string) {
  registerHooks({
    load(url, context, nextLoad) {
      if (!isModuleOf(plugin, url)) return nextLoad(url, context)
      return { format: 'module', shortCircuit: true, source: wrap(`${url}?original`) }
    },
  })
}

function wrap(original: string): string {
  return `
    import plugin from '${original}'
    import fp from 'fastify-plugin'
    export * from '${original}'

    const withoutHooks = (app) => new Proxy(app, {
      get(app, name) {
        const member = app[name]
        if (typeof member !== 'function') return member
        if (name !== 'addHook') return member.bind(app)
        return (hook, ...rest) =>
          ${JSON.stringify(REQUEST_HOOKS)}.includes(hook) ? app : app.addHook(hook, ...rest)
      },
    })
    const meta = plugin[Symbol.for('plugin-meta')]
    export default fp((app, ...rest) => plugin(withoutHooks(app), ...rest), meta)
  `
}
