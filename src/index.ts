/** Exports of the package: the app, its configuration, and the folders of its resources. Plugins have exports of their own. */
export { type AppOptions, buildApp } from './app.ts'
export { type Config, type OwnAuthentication, parseConfig } from './config.ts'
export { ConfigError } from './config-error.ts'
export { RESOURCES } from './resources.ts'
export { StorageError } from './storage/database.ts'
