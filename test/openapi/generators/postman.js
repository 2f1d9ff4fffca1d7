/**
 * Converts an OpenAPI document to a Postman collection, sends each of its requests to a service, and writes the
 * responses as JSON. Each request has the required parameters, with their examples.
 */
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import newman from 'newman'
import converter from 'openapi-to-postmanv2'

const [, , file, url] = process.argv
const input = { type: 'string', data: readFileSync(file, 'utf8') }
const options = { parametersResolution: 'Example', enableOptionalParameters: false }
const { result, reason, output } = await promisify(converter.convertV2)(input, options)
if (!result) throw new Error(reason)

const variables = { baseUrl: url, basicAuthUsername: 'admin', basicAuthPassword: 'secret' }
const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }))
const { run } = await promisify(newman.run)({ collection: output[0].data, envVar })
const responses = run.executions.map(({ request, response, requestError }) => ({
  request: `${request.method} ${request.url.getPath()}`,
  status: response?.code,
  body: response?.text() ?? String(requestError),
}))
console.log(JSON.stringify(responses))
