// Runs in the browser, after the script of Swagger UI.
const { openapi } = document.querySelector('#console').dataset

const dark = matchMedia('(prefers-color-scheme: dark)')
const applyColorScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', applyColorScheme)
applyColorScheme()

globalThis.SwaggerUIBundle({
  url: openapi,
  dom_id: '#console',
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null, // the public validator cannot read the document of a private service
})
