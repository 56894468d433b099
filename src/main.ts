import { CommanderError } from 'commander'
import { EXIT, reportFailure } from './failure.ts'
import { createProgram } from './program.ts'
import { stopWithParent } from './stop-signal.ts'

// A reader that has seen enough (`sluice jobs | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// What keeps the process alive after its command is done (a socket in its last throes) gets this long, and no longer.
const LINGER_MS = 250
const HEARTBEAT_MS = 60_000

const json = process.argv.includes('--json')

stopWithParent()
// A command that waits for a signal only has nothing else that keeps the process alive.
const atWork = setInterval(() => {}, HEARTBEAT_MS)
try {
  process.exitCode = await createProgram().run(process.argv.slice(2))
} catch (error) {
  process.exitCode = error instanceof CommanderError ? usageExit(error) : reportFailure(error, json)
} finally {
  clearInterval(atWork)
}
setTimeout(() => process.exit(), LINGER_MS).unref()

/** Commander has said what is wrong on stderr already; help and version are no errors. */
function usageExit (error: CommanderError): number {
  if (error.exitCode === 0) return EXIT.complete
  if (json) process.stdout.write(`${JSON.stringify({ type: 'error', name: 'UsageError', message: error.message })}\n`)
  return EXIT.usage
}
