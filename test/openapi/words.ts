import type { Document } from '../../plugins/openapi/openapi.ts'

/** First words of summaries. Add the verb of your operation if it is missing. */
const VERBS =
  `accept add approve archive assign book cancel change check clear close confirm convert copy count create
  decline delete download edit end enable estimate export find follow get greet import invite join leave link list lock
  log mark merge move open order pause pay publish read refund register reject release remove rename replace reserve
  reset restore resume return revoke run save search send share show sign sort start stop store subscribe submit
  suspend test transfer translate unlock update upload validate verify withdraw write`.split(/\s+/)

const MAX_WORDS = 6

/** Returns the summaries and descriptions of a document that are not as clients expect, each with what to do. */
export function findWording(document: Document): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { summary = '' }]) => ({
      place: `${method.toUpperCase()} ${path}`,
      words: summary.split(' '),
    })),
  )
  const summaries = operations.flatMap(({ place, words }) => [
    ...(VERBS.includes(String(words[0]).toLowerCase())
      ? []
      : [`begin the summary of ${place} with a verb; VERBS in test/openapi/words.ts lists them`]),
    ...(words.length > MAX_WORDS
      ? [`shorten the summary of ${place} to at most ${MAX_WORDS} words; details go to description`]
      : []),
  ])
  const tags = (document.tags ?? [])
    .filter(({ description }) => !description)
    .map(({ name }) => `say what /${name} is: 'x-resource': '…' in the schema of one of its routes`)
  return [...summaries, ...tags]
}
