import { join } from 'node:path'
import { installMissing, UnfitError } from '../lab/needs.ts'
import { Workplace } from '../lab/workplace.ts'
import { ArgumentError, parseArguments, USAGE } from './arguments.ts'
import { FAULTS } from './plan.ts'
import { renderFailure, renderSummary } from './report.ts'
import { Suite } from './suite.ts'

const EXIT = { complete: 0, failed: 1, usage: 2 } as const
/** Programs, and the Debian packages that they come in. */
const PROGRAMS = { ip: 'iproute2', nsenter: 'util-linux', setpriv: 'util-linux', mount: 'mount', fallocate: 'util-linux', strace: 'strace' }

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(error instanceof ArgumentError ? `chaos: ${error.message}\n\n${USAGE}\n` : `chaos: ${error.stack}\n`)
  return error instanceof ArgumentError ? EXIT.usage : EXIT.failed
})

async function main (): Promise<number> {
  const options = parseArguments(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return EXIT.complete
  }
  const root = !options.noRoot && canBeRoot()
  const workplace = new Workplace('chaos')
  // Processes are started by the hundred: they are to find their program compiled.
  process.env.NODE_COMPILE_CACHE ??= join(workplace.dir, 'compiled')
  const suite = new Suite(options, root, workplace)
  await suite.calibrate()
  const results = await suite.run()
  const failed = results.filter(({ violations }) => violations.length > 0)
  for (const result of failed) process.stdout.write(`${renderFailure(result, suite.again(result.plan.seed))}\n`)
  const skipped = Object.entries(FAULTS).flatMap(([kind, needs]) => needs === 'root' && !root ? [kind] : [])
  process.stdout.write(`${renderSummary(results, skipped)}\n`)
  return failed.length === 0 ? EXIT.complete : EXIT.failed
}

/** Some faults take root and Linux; without, the others are made, and it is said. */
function canBeRoot (): boolean {
  try {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new UnfitError('this takes root on Linux')
    installMissing(PROGRAMS)
    return true
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error
    process.stderr.write(`chaos: without ${Object.entries(FAULTS).filter(([, needs]) => needs === 'root').map(([kind]) => kind).join(', ')}: ${error.message}\n`)
    return false
  }
}
