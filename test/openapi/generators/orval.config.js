/** Without `include`, results also have the type of plain text; without Accept, the service sends plain text. */
export default {
  service: {
    input: process.env.OPENAPI_FILE,
    output: {
      target: `${process.env.FOLDER}/orval/service.ts`,
      client: 'fetch',
      baseUrl: process.env.SERVICE_URL,
      override: {
        contentType: { include: ['application/json'] },
        requestOptions: { headers: { Accept: 'application/json' } },
      },
    },
  },
}
