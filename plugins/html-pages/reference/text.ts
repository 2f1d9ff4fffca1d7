import { type Fragment, type Html, html } from '../../../src/http/html.ts'

/** Renders a description: paragraphs between blank lines, and `code` and **bold** text as in Markdown. */
export function renderText(text: string): Fragment {
  const paragraphs = text.split(/\n\s*\n/).filter(Boolean)
  return paragraphs.map((paragraph) => html`<p>${renderInline(paragraph)}</p>\n`)
}

/** Renders values as code, separated by commas. */
export function renderCodes(values: readonly string[]): Fragment {
  return values.map((value, index) => [index > 0 && ', ', html`<code>${value}</code>`])
}

export function renderInline(text: string): Fragment {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map(renderPiece)
}

function renderPiece(piece: string): Html | string {
  if (/^`.+`$/s.test(piece)) return html`<code>${piece.slice(1, -1)}</code>`
  return /^\*\*.+\*\*$/s.test(piece) ? html`<strong>${piece.slice(2, -2)}</strong>` : piece
}
