// Opens the journal named on the command line, says what came of it, and stays until it is killed.
import { openJournal } from '../src/index.ts'

try {
  openJournal(process.argv[2] as string).meta.set('visited', process.pid)
  process.stdout.write('open\n')
  setInterval(() => {}, 60_000)
} catch (cause) {
  process.stdout.write(`${(cause as Error).message}\n`)
}
