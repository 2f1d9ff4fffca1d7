// Errors of a response, beside the inputs that caused them, and in a list that links to the inputs.
// biome-ignore-all lint/correctness/noUnusedVariables: outcome.js and page.js call the functions

/** Names of the parts of a request in errors, by the values of `data-in`. */
const PARTS = { params: 'path', querystring: 'query', headers: 'header' }

/** Inputs that cause a status, as selectors. */
const CAUSES = {
  401: '[data-part=secret]',
  403: '[data-part=secret]',
  406: '[name=Accept]',
  412: '[name=If-Match], [name=If-None-Match], [name=If-Unmodified-Since]',
  415: '[data-part=type]',
  416: '[name=Range]',
  428: '[name=If-Match]',
}

/** Statuses of problems with the body, unless the message names a parameter. */
const OF_BODY = [400, 409, 413, 422]

/** Shows each error beside the input that caused it. Returns a list of all errors, with links to their inputs. */
function showErrors(form, status, text) {
  const problem = parse(text) ?? { message: messageIn(text) }
  const message = problem?.message ?? problem?.detail ?? problem?.title
  const errors = problem?.errors ?? (message ? [{ message }] : [])
  const items = errors.filter(Boolean).map((error) => {
    const input = inputOf(form, status, error)
    const text = `${error.pointer ?? ''} ${error.message}`.trim()
    if (input) mark(input, text)
    return input ? linkToInput(input, text) : text
  })
  return items.length > 0 ? [listOf(items)] : []
}

/** Returns a link that moves the focus to an input, since its error may be out of view. */
function linkToInput(input, text) {
  const link = element('a', { href: `#${input.id}` }, text)
  link.addEventListener('click', (event) => {
    event.preventDefault()
    input.focus()
  })
  return link
}

/** Returns the message of a problem as text or XML; a page shows its message itself. */
function messageIn(text) {
  if (/^<!doctype html/i.test(text)) return undefined
  return text.startsWith('<') ? /<message>([^<]*)/.exec(text)?.[1] : text
}

function inputOf(form, status, { in: part, pointer = '', message = '' }) {
  if (part === 'body') {
    const controls = [...(panelOf(form)?.elements ?? [])]
    return controls.find(({ name }) => pointer === `/${name}`) ?? controls[0]
  }
  const name = pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~').toLowerCase()
  if (part) return controlsIn(form, PARTS[part]).find((each) => each.name.toLowerCase() === name)
  const parameters = [...form.querySelectorAll('[data-in]')]
  const named = parameters.find((each) => message.includes(`: ${each.name}`)) // behind the reason
  if (named) return named
  if (status === 404) return controlsIn(form, 'path').at(-1)
  if (OF_BODY.includes(status)) return panelOf(form)?.elements[0]
  const inputs = CAUSES[status] ? [...form.querySelectorAll(CAUSES[status])] : []
  return inputs.find(({ value }) => value) ?? inputs[0]
}

/** Adds an error below an input. */
function mark(input, message) {
  const id = `${input.id}-error`
  const shown = document.getElementById(id)
  if (shown) {
    shown.append(element('br', {}), message)
    return
  }
  input.setAttribute('aria-invalid', 'true')
  input.setAttribute('aria-describedby', [input.dataset.hint, id].filter(Boolean).join(' '))
  input.closest('.field').append(element('span', { id, className: 'error' }, message))
  const details = input.closest('details.more')
  if (details) details.open = true
}

function clearErrors(form) {
  for (const error of form.querySelectorAll('.error')) error.remove()
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
    const { hint } = input.dataset
    if (hint) input.setAttribute('aria-describedby', hint)
    else input.removeAttribute('aria-describedby')
  }
}
