/** Builds the service from its plugins and routes, which `@fastify/autoload` finds in their folders. */
import { existsSync } from 'node:fs'
import autoload from '@fastify/autoload'
import fastify, { type FastifyInstance } from 'fastify'
import type { DestinationStream } from 'pino'
import type { TSchema } from 'typebox'
import { createLogger } from '../plugins/logging/logger.ts'
import type { Config } from './config.ts'
import { fastifyOptions } from './fastify-options.ts'
import { composeHooks } from './hooks.ts'
import { isValidated } from './http/body.ts'
import { compileValidator } from './http/validation.ts'
import { PLUGINS, RESOURCES } from './resources.ts'

export interface AppOptions {
  /** Receives the log as JSON lines, instead of the destination in the configuration. */
  logDestination?: DestinationStream
  /**
   * Plugins and resources to leave out, by the names of their files or folders. If a plugin is left out, leave out
   * everything that uses its decorators.
   */
  without?: readonly string[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Only for the `autoConfig` functions, which return the options of plugins. */
    config: Config
  }
}

/**
 * Builds the service. More plugins and routes can be registered until the app listens or handles an injected request.
 *
 * @throws {StorageError} if the database cannot be used
 */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<FastifyInstance> {
  const isLeftOut = pathFilter(options.without ?? [])
  const isDebugPlugin = pathFilter(config.debug ? [] : DEBUG_PLUGINS)
  const app = fastify({
    ...fastifyOptions(config),
    loggerInstance: createLogger(config.logging, options.logDestination),
  })
  app.setValidatorCompiler<TSchema>(
    ({ schema, httpPart = 'body', contentType = 'application/json' }) =>
      isValidated(contentType) ? compileValidator(schema, httpPart) : (value) => ({ value }),
  )
  app.decorate('config', config)
  composeHooks(app)
  // Copy the schema of each route, because plugins add error responses to it, and other apps may use the same schema.
  app.addHook('onRoute', (route) => {
    if (route.schema) route.schema = { ...route.schema }
  })
  // autoload calls `autoConfig` functions only if `options` is given.
  const isNoPlugin = (path: string) => isRoutes(path) || isLeftOut(path) || isDebugPlugin(path)
  await app.register(autoload, { dir: PLUGINS, maxDepth: 1, ignoreFilter: isNoPlugin, options: {} })
  // Routes come last, since the onRoute hooks of plugins miss routes that are registered earlier.
  const routes = { ...ROUTES, ignoreFilter: isLeftOut }
  const routesOfPlugins = { indexPattern: /^routes\.[jt]s$/, matchFilter: isRoutes }
  await app.register(autoload, { dir: PLUGINS, ...routes, ...routesOfPlugins })
  // Neither git nor npm keeps the first folder while a service has no resources.
  const folders = RESOURCES.filter((dir, index) => index > 0 || existsSync(dir))
  for (const dir of folders) await app.register(autoload, { dir, ...routes })
  return app
}

/** Plugins that show internals of the service to clients. They are loaded only with DEBUG. */
const DEBUG_PLUGINS = ['debug', 'explain']

const ROUTES = { maxDepth: 1, dirNameRoutePrefix: false, options: {} } as const

const isRoutes = (path: string) => /\/routes\.[jt]s$/.test(path)

/** Returns a filter that is true for the paths of files and folders with these names. */
function pathFilter(names: readonly string[]) {
  return (path: string) =>
    names.some((name) => path.startsWith(`/${name}.`) || path.startsWith(`/${name}/`))
}
