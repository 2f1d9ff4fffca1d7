/** Path templates as in OpenAPI: `{name}` stands for a parameter. */
import { PARAMETER } from '../../src/http/path-template.ts'

/** Name of the wildcard in the templates of the OpenAPI document. */
const WILDCARD = 'path'

/** Returns the template of a route's path, such as `/notes/{id}` for `/notes/:id`. */
export function templateOf(path: string): string {
  return path.replace(PARAMETER, (_match, name = WILDCARD) => `{${name}}`)
}

/** Fills a template with percent-encoded values. Parameters without a value stay. */
export function fillTemplate(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (parameter, name) => {
    const value = values[name]
    return value ? encodeURIComponent(value) : parameter
  })
}
