/** Opens the destination of the log: standard output, a file or a terminal. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import pino, { type DestinationStream } from 'pino'
import { ConfigError } from '../../src/config-error.ts'
import { messageOf } from '../../src/error-message.ts'
import { createPrivateFile } from '../../src/private-file.ts'
import { escapeControlsTwice } from './escape-controls.ts'
import { createLineWriter, type LineWriter } from './line-writer.ts'
import { type Rotation, rotatingFile, STANDARD_OUTPUT } from './targets.ts'

/**
 * @param file path of the file; empty for standard output
 * @throws {ConfigError} if the file cannot be written
 */
export function openDestination(
  file: string,
  rotation: Rotation,
  isTerminal: boolean,
): DestinationStream {
  if (file) checkLogFile(file)
  const target = file ? rotatingFile(file, rotation) : STANDARD_OUTPUT
  if (!isTerminal) return createLineWriter(target)
  const terminal = openTerminal()
  return file ? both(createLineWriter(target), terminal) : terminal
}

function both(writer: LineWriter, terminal: DestinationStream) {
  return {
    ...writer,
    write(line: string) {
      writer.write(line)
      terminal.write(line)
    },
  }
}

/** Opens the terminal. A worker thread parses and formats the lines, so control characters are escaped twice. */
function openTerminal(): LineWriter {
  const options = { ignore: 'pid,hostname', singleLine: true }
  const transport = pino.transport({ target: 'pino-pretty', options })
  let isLost = false
  // Without a listener, an error would end the process. Only the first error is reported, since every further line
  // causes one.
  transport.on('error', (error: Error) => {
    if (!isLost) console.error(`the log is lost: ${error.message}`)
    isLost = true
  })
  return {
    write: (line) => void transport.write(escapeControlsTwice(line)),
    flush: (done) => transport.flush(done),
  }
}

function checkLogFile(file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true })
    createPrivateFile(file)
    closeSync(openSync(file, 'a+'))
  } catch (error) {
    throw new ConfigError(`LOG_FILE is ${JSON.stringify(file)}: ${messageOf(error)}`)
  }
}
