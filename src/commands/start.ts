import { loadConfig } from '../config.ts'
import { startDaemon } from '../daemon.ts'
import { EXIT } from '../failure.ts'
import { createJsonLog } from '../log.ts'
import type { AddCommand } from '../program.ts'
import { aborted, stopSignal } from '../stop-signal.ts'
import { supervise } from '../supervisor.ts'
import { feedWatchdogs } from '../watchdog.ts'

// Supervisors are promised 5 s; the rest is for the process itself to end.
const STOP_LIMIT_MS = 4_500

export const addStart: AddCommand = (root, finish) => {
  root.command('start')
    .description('run a base, a node or a provider until it is told to stop; logs JSON lines')
    .option('-c, --config <file>', 'its configuration', 'sluice.yaml')
    .option('--supervise', 'run it in a child, and start that again when it asks for it or is frozen')
    .action((options: { config: string, supervise?: boolean }) => finish(options.supervise === true ? startSupervised(options.config) : start(options.config)))
}

async function startSupervised (file: string): Promise<number> {
  const config = await loadConfig(file)
  const log = createJsonLog(config.log.level ?? 'info', line => process.stderr.write(`${line}\n`))
  return await supervise({ args: [...process.execArgv, ...process.argv.slice(1).filter(argument => argument !== '--supervise')], log })
}

async function start (file: string): Promise<number> {
  const config = await loadConfig(file)
  const stop = stopSignal()
  // Until it is ready its lines go to stderr: the first line on stdout is the one that scripts wait for.
  let out: NodeJS.WriteStream = process.stderr
  const log = createJsonLog(config.log.level ?? 'info', line => out.write(`${line}\n`))
  const starting = startDaemon(config, log)
  // Told to stop before it was ready: nothing has been promised yet.
  const daemon = await Promise.race([starting, aborted(stop)])
  if (daemon == null) {
    forceExitAfter(STOP_LIMIT_MS, log)
    await starting.then(late => late.stop(), () => {})
    return EXIT.complete
  }
  out = process.stdout
  // Written past the log's level: it is a contract and not a remark.
  createJsonLog('info', line => out.write(`${line}\n`)).info('ready', { peer: daemon.peer, addresses: daemon.addresses, role: config.role, ...daemon.http == null ? {} : { http: daemon.http } })
  const endFeeding = feedWatchdogs(async () => await daemon.probe?.(), log)
  await aborted(stop)
  endFeeding()
  log.info('stopping', { reason: (stop.reason as Error).message })
  forceExitAfter(STOP_LIMIT_MS, log)
  await daemon.stop()
  log.info('stopped')
  return EXIT.complete
}

function forceExitAfter (limitMs: number, log: ReturnType<typeof createJsonLog>): void {
  setTimeout(() => {
    log.error(`did not stop within ${limitMs} ms; exiting now, the journal will be replayed at the next start`)
    process.exit(EXIT.failed)
  }, limitMs).unref()
}
