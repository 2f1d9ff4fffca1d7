/** A function of a source text, with its number of lines from its first to its closing brace. */
export interface FunctionLength {
  line: number
  lines: number
}

/** The line that opens a function's body: `): Type {` or `=> {` at its end. */
const BODY_START = /(?:\)(?:: [^=]+)?|=>) \{$/
const STATEMENT = /^\s*(?:\} )?(?:if|else|for|while|switch|catch|do|try)\b/
/** The first line of a function does not close brackets; the last line of its parameters does. */
const CLOSES_PARAMETERS = /^\s*[)}\]>]/

/**
 * Measures the functions of a TypeScript source by their indentation, which Biome enforces. Functions with
 * an expression as their body are not measured.
 */
export function measureFunctions(source: string): FunctionLength[] {
  const lines = source.split('\n')
  return lines.flatMap((text, index) => {
    if (!BODY_START.test(text) || STATEMENT.test(text)) return []
    const indent = indentOf(text)
    const isOuter = (line: string) => line !== '' && indentOf(line) <= indent
    const end = lines.findIndex((line, other) => other > index && isOuter(line))
    const start = CLOSES_PARAMETERS.test(text)
      ? lines.findLastIndex(
          (line, other) => other < index && isOuter(line) && !CLOSES_PARAMETERS.test(line),
        )
      : index
    return [{ line: start + 1, lines: end - start + 1 }]
  })
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
