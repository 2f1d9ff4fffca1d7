/** A command that a document shows after a prompt, and the output below the command. */
export interface Example {
  command: string
  output: string
}

/** Returns the fenced code blocks of a Markdown text. */
export function fencedBlocks(markdown: string): { language: string; lines: string[] }[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    lines: text.trimEnd().split('\n'),
  }))
}

/** Returns the commands in `console` blocks with their output. Each line that begins with `$ ` is a command. */
export function consoleExamples(markdown: string): Example[] {
  const examples: Example[] = []
  for (const { language, lines } of fencedBlocks(markdown)) {
    if (language !== 'console') continue
    for (const line of lines) {
      const last = examples.at(-1)
      if (line.startsWith('$ ')) examples.push({ command: line.slice(2), output: '' })
      else if (last) last.output += `${line}\n`
    }
  }
  return examples
}
