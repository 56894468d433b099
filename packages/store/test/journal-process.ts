// Opens the journal named on the command line, says what came of it, and stays until it is killed. With `again`, what failed is tried once more.
import { openJournal } from '../src/index.ts'

try {
  const journal = openJournal(process.argv[2] as string, { onFailed: ({ code }) => process.stdout.write(`failed: ${code}\n`) })
  try {
    journal.meta.set('visited', process.pid)
  } catch (cause) {
    if (process.argv[3] !== 'again') throw cause
    journal.meta.set('visited', process.pid)
  }
  process.stdout.write('open\n')
  setInterval(() => {}, 60_000)
} catch (cause) {
  process.stdout.write(`${(cause as Error).message}\n`)
}
