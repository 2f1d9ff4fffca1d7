// Runs in the browser, behind Swagger UI's own script.
const { contract } = document.querySelector('#console').dataset

globalThis.SwaggerUIBundle({
  url: contract,
  dom_id: '#console',
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null, // it would have another origin look at the contract
})
