import { type Fragment, html } from '../../src/http/html.ts'

/** Returns true if a path has a GET route. */
export type IsReadable = (path: string) => boolean

/** URLs that become links. Other URLs stay text, since a `javascript:` link would run code from a client. */
const WEB_URL = /^https?:\/\/[\x21-\x7e]+$/i

/** A path of the service. Browsers would interpret text after `//` or `/\` as a host name. */
const PATH = /^\/(?![/\\])[\x21-\x7e]*$|^\/$/

/** Renders a link if the target is an http(s) URL or a path of this service with a GET route, otherwise the text. */
export function renderLink(target: string, text: Fragment, isReadable: IsReadable): Fragment {
  if (WEB_URL.test(target) && URL.canParse(target)) {
    return html`<a href="${target}" rel="external nofollow">${text}</a>`
  }
  if (!PATH.test(target) || !isReadable(target)) return text
  return html`<a href="${target}">${text}</a>`
}
