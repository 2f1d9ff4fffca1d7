/** First line of a function, and its number of lines. The lines of inner functions do not count. */
export interface FunctionLength {
  line: number
  lines: number
}

/** Matches a line that opens a function's body. Such a line ends with `): Type {` or `=> {`. */
const BODY_START = /(?:\)(?:: [^=]+)?|=>) \{$/
const STATEMENT = /^\s*(?:\} )?(?:if|else|for|while|switch|catch|do|try)\b/
/** Matches a line that begins with a closing bracket, as the last line of multi-line parameters does. */
const CLOSES_PARAMETERS = /^\s*[)}\]>]/

/**
 * Measures the functions of a TypeScript source by their indentation, which Biome enforces. It ignores functions
 * whose body is an expression.
 */
export function measureFunctions(source: string): FunctionLength[] {
  return withoutInner(findFunctions(source.split('\n')))
}

function findFunctions(lines: string[]): FunctionLength[] {
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

/**
 * Subtracts the lines of inner functions. Otherwise, the factory of a store would be too long, because it contains all
 * functions of the store.
 */
function withoutInner(all: FunctionLength[]): FunctionLength[] {
  const isWithin = (inner: FunctionLength, outer: FunctionLength) =>
    inner !== outer && inner.line >= outer.line && inner.line < outer.line + outer.lines
  return all.map((outer) => {
    const inner = all.filter((one) => isWithin(one, outer))
    const nearest = inner.filter((one) => !inner.some((other) => isWithin(one, other)))
    const lines = nearest.reduce((rest, one) => rest - one.lines, outer.lines)
    return { line: outer.line, lines }
  })
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
