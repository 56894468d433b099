import { loadConfigOf } from '../config.ts'
import { EXIT, UsageError } from '../failure.ts'
import { count } from '../format.ts'
import { createJsonLog } from '../log.ts'
import type { AddCommand } from '../program.ts'
import { parseDuration } from '../quantity.ts'

interface Options {
  config: string
  wait: string
  json?: boolean
}

export const addBase: AddCommand = (root, finish) => {
  const base = root.command('base').description('what is done to a base while it does not run')
  base.command('rebuild')
    .description('get back a lost journal: from the signed jobs, commands and receipts that the nodes hold')
    .option('-c, --config <file>', 'the base\'s configuration', 'sluice.yaml')
    .option('--wait <duration>', 'how long nodes are waited for that do not come', '2m')
    .option('--json', 'print a JSON line')
    .action((options: Options) => finish(rebuild(options)))
}

async function rebuild ({ config: file, wait, json }: Options): Promise<number> {
  const patienceMs = parseDuration(wait)
  if (patienceMs == null) throw new UsageError(`--wait ${JSON.stringify(wait)} is not a duration; write for example 2m`)
  const config = await loadConfigOf(file, 'base')
  const { rebuildBase } = await import('@sluice/base')
  const log = createJsonLog(config.log.level ?? 'warn', line => process.stderr.write(`${line}\n`))
  const rebuilt = await rebuildBase({ dataDir: config.dataDir, listen: config.listen, announce: config.announce, members: config.members, log }, patienceMs)
  if (json === true) process.stdout.write(`${JSON.stringify(rebuilt)}\n`)
  else {
    const { jobs, receipts, epoch, missing, problems } = rebuilt
    process.stdout.write(`${count(jobs, 'job')} and ${count(receipts, 'receipt')} are back, in epoch ${epoch}; start the base with\n\n  sluice start -c ${file}\n`)
    for (const peer of missing) process.stderr.write(`sluice: ${peer} did not come: what only it holds is missing\n`)
    for (const problem of problems) process.stderr.write(`sluice: left out: ${problem}\n`)
  }
  return rebuilt.missing.length > 0 || rebuilt.problems.length > 0 ? EXIT.partial : EXIT.complete
}
