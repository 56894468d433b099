import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { JobClosed } from '@sluice/sdk'
import { postScript } from '../control-client.ts'
import { EXIT, UsageError } from '../failure.ts'
import type { AddCommand } from '../program.ts'
import { createJsonView, createLineView } from '../progress-view.ts'
import { withProvider } from '../provider-session.ts'
import { exitOf, renderReport } from '../report.ts'
import { parseScript, runScript } from '../script-runner.ts'
import { stopSignal } from '../stop-signal.ts'

interface Options {
  config: string
  json?: boolean
  on?: string
  token?: string
}

export const addRun: AddCommand = (root, finish) => {
  root.command('run')
    .description('run a job from a script: its commands, with their times, delays and conditions')
    .argument('<script>', 'the script, in YAML')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--on <url>', 'give it to a provider\'s daemon instead, such as http://127.0.0.1:4180')
    .option('--token <file>', 'with --on: the file that has the daemon\'s token')
    .option('--json', 'print events as JSON lines; the last of each job is job.closed')
    .action((script: string, options: Options) => finish(run(script, options)))
}

async function run (file: string, options: Options): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`${file} cannot be read (${error.message})`, { cause: error })
  })
  // Before anybody is dialled: a script that is wrong is the commonest mistake.
  const script = parseScript(file, text)
  if (options.on != null) {
    if (options.token == null) throw new UsageError('--on needs --token FILE: the daemon made the file `control-token` in its dataDir')
    process.stdout.write(`${JSON.stringify(await postScript(options.on, options.token, text))}\n`)
    return EXIT.complete
  }
  const signal = stopSignal()
  const closed = await withProvider(options.config, signal, async (provider, config) => {
    const view = options.json === true ? createJsonView() : createLineView(peer => peer)
    try {
      return await runScript(provider, script, { folder: dirname(resolve(file)), signal, waits: config.wait, onEvent: event => { if (event.type !== 'job.closed') view.show(event); else print(event, options) } })
    } finally {
      view.stop()
    }
  })
  return Math.max(...closed.map(({ outcome }) => exitOf(outcome)))
}

function print (closed: JobClosed, { json }: Options): void {
  process.stdout.write(json === true ? `${JSON.stringify(closed)}\n` : `\n${renderReport(closed, peer => peer)}\n`)
}
