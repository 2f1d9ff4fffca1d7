import { type Fragment, html } from '../../src/http/html.ts'

/** Whether the API has something to read at a path. */
export type IsReadable = (path: string) => boolean

/** A URL that leaves the service: no other scheme is ever linked to, `javascript:` least of all. */
const WEB_URL = /^https?:\/\/[\x21-\x7e]+$/i

/** A path of the service: `//` and `/\` would begin the name of another host. */
const PATH = /^\/(?![/\\])[\x21-\x7e]*$|^\/$/

/** Makes text a link where it is a URL of the web, or a path of this API that can be read. */
export function writeLink(target: string, text: Fragment, isReadable: IsReadable): Fragment {
  if (WEB_URL.test(target) && URL.canParse(target)) {
    return html`<a href="${target}" rel="external nofollow">${text}</a>`
  }
  if (!PATH.test(target) || !isReadable(target)) return text
  return html`<a href="${target}">${text}</a>`
}
