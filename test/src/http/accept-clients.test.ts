import t from 'tap'
import { selectMediaType } from '../../../src/http/accept.ts'

/** Media types of a typical route, in its order of preference. */
const OFFERED = {
  text: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
}

const CLIENTS: [client: string, accept: string, selected: keyof typeof OFFERED | undefined][] = [
  ['curl, Wget, Postman, fetch(), Python Requests', '*/*', 'text'],
  ['Java HttpURLConnection to 16', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', 'html'],
  ['Java HttpURLConnection 17', 'text/html, image/gif, image/jpeg, */*; q=0.2', 'html'],
  ['Java code that corrects its default', 'image/gif, image/jpeg, *; q=.2, */*; q=.2', 'text'],
  ['Jersey client, one type', 'application/json;q=.9', 'json'],
  ['Jersey client, several types', 'application/json;q=.9,application/xml;q=.8,*;q=.1', 'json'],
  ['Apache Axis 1.4', 'application/soap+xml, application/dime, multipart/related, text/*', 'text'],
  [
    'Apache Axis 1.2 RC1',
    'application/soap+xml, application/dime, multipart/related, text',
    undefined,
  ],
  ['Spring RestTemplate, JSON', 'application/json, application/*+json', 'json'],
  ['Spring RestTemplate, text', 'text/plain, application/json, application/*+json, */*', 'text'],
  [
    'Spring RestTemplate, XML before JSON',
    'application/xml, text/xml, application/json, application/*+xml, application/*+json',
    'xml',
  ],
  ['Groovy HTTPBuilder, JSON', 'application/json, application/javascript, text/javascript', 'json'],
  ['Ruby rest-client 1', '*/*; q=0.5, application/xml', 'xml'],
  ['Axios, AngularJS', 'application/json, text/plain, */*', 'json'],
  ['jQuery.getJSON()', 'application/json, text/javascript, */*; q=0.01', 'json'],
  ['jQuery, XML', 'application/xml, text/xml, */*; q=0.01', 'xml'],
  ['jQuery, HTML', 'text/html, */*; q=0.01', 'html'],
  ['jQuery, text', 'text/plain, */*; q=0.01', 'text'],
  ['Prototype, MooTools', 'text/javascript, text/html, application/xml, text/xml, */*', 'html'],
  [
    'RestSharp',
    'application/json, text/json, text/x-json, text/javascript, application/xml, text/xml',
    'json',
  ],
  ['HTTPie with data', 'application/json, */*;q=0.5', 'json'],
  ['Kubernetes client-go', 'application/json, */*', 'json'],
  [
    'kubectl get',
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
    'json',
  ],
  ['SharePoint scripts', 'application/json;odata=verbose', 'json'],
  ['Azure Tables', 'application/json;odata=minimalmetadata', 'json'],
  ['Dynamics 365', 'application/json;odata.metadata=minimal;q=1.0,application/json;q=0.9', 'json'],
  ['WCF Data Services', 'application/atom+xml,application/xml', 'xml'],
  ['clients that name a charset', 'application/json; charset=utf-8', 'json'],
  ['clients of Latin-1 services', 'application/json;charset=ISO-8859-1', 'json'],
  ['Delphi Indy', 'text/html, */*', 'html'],
  ['Lynx', 'text/html, text/plain, text/sgml, */*;q=0.01', 'html'],
  ['w3m', 'text/html, text/*;q=0.5, image/*, application/*, audio/*', 'html'],
  [
    'Chrome',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    'html',
  ],
  ['Firefox, Safari', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
  ['Edge Legacy', 'text/html, application/xhtml+xml, image/jxr, */*', 'html'],
  [
    'Internet Explorer 8',
    'image/gif, image/jpeg, image/pjpeg, application/x-ms-application, */*',
    'text',
  ],
  [
    'Chrome and Safari of 2009, Android 2',
    'application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5',
    'xml',
  ],
  [
    'Opera 12',
    'text/html, application/xml;q=0.9, application/xhtml+xml, image/png, */*;q=0.1',
    'html',
  ],
  [
    'a browser, for an image',
    'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    'text',
  ],
  ['a browser, for a stylesheet', 'text/css,*/*;q=0.1', 'text'],
  ['a browser, for EventSource', 'text/event-stream', undefined],
  ['clients of the GitHub API', 'application/vnd.github+json', undefined],
  ['clients that send a file extension', 'json', 'text'],
]

for (const [client, accept, selected] of CLIENTS) {
  t.test(`Accept of ${client} selects ${selected ?? 'nothing'}`, async (t) => {
    t.equal(selectMediaType(accept, Object.values(OFFERED)), selected && OFFERED[selected], accept)
  })
}
