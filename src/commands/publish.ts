import type { Job, JobClosed, Provider, QueuedPut } from '@sluice/sdk'
import { parsePath } from '@sluice/wire'
import { peerOf } from '../address.ts'
import type { ProviderConfig } from '../config.ts'
import { EXIT, UsageError } from '../failure.ts'
import { createBarView, createJsonView, createLineView, type ProgressView } from '../progress-view.ts'
import { createNames, type NameOf } from '../progress-lines.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { planPuts, type PlannedPut } from '../put-plan.ts'
import { parseDuration } from '../quantity.ts'
import { exitOf, renderReport } from '../report.ts'
import { aborted, stopSignal } from '../stop-signal.ts'
import { syncDirectory } from './sync.ts'
import { parseTargets } from '../targets.ts'

// A column of a table, not a manifest.
const NAMED_PUTS = 3

interface Options {
  config: string
  to: string[]
  as?: string
  name?: string
  quorum?: string
  json?: boolean
  arriving?: boolean
  expires?: string
  sync?: boolean
  delete?: boolean
  dryRun?: boolean
  resume?: string
}

/** A put to be given, or one to go on with. */
interface Work extends PlannedPut {
  readonly queued?: QueuedPut | undefined
}

export const addPublish: AddCommand = (root, finish) => {
  root.command('publish')
    .description('push files and directories to nodes, and wait for their receipts')
    .argument('<path...>', 'files and directories')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--to <targets>', 'all, label=value or peer ids, comma-separated; may be repeated (default: all)', (value: string, before: string[]) => [...before, value], [])
    .option('--as <path>', 'where it lands below the nodes\' media root: a file exactly there, a directory\'s content in there (default: its own name)')
    .option('--name <text>', 'a name of the job, for people (default: after what is published)')
    .option('--quorum <n>', 'how many servers must complete for "complete" (default: all)')
    .option('--arriving', 'viewers may read what has landed, before all of it has')
    .option('--expires <time>', 'the nodes remove it so long after now, such as 30d, unless it was replaced')
    .option('--sync', 'compare one directory with what the nodes hold, and send only what differs')
    .option('--delete', 'with --sync: remove on the nodes what is not here')
    .option('--dry-run', 'with --sync: compare and say what would be done')
    .option('--resume <job>', 'go on with a job that this command had begun when it was cut off: what the base holds is not sent again')
    .option('--json', 'print events as JSON lines; the last is job.closed, with --sync sync')
    .action((paths: string[], options: Options) => finish(publish(paths, options)))
}

async function publish (paths: string[], options: Options): Promise<number> {
  const to = parseTargets(options.to.length > 0 ? options.to : ['all'])
  const quorum = parseQuorum(options.quorum)
  const expires = expiryOf(options)
  const puts = await planPuts(paths, options.as)
  if (options.sync === true && options.arriving === true) throw new UsageError('--arriving does not go with --sync')
  if (options.sync === true && expires != null) throw new UsageError('--expires does not go with --sync')
  if (options.sync === true) return await syncDirectory(puts, { config: options.config, to, name: options.name ?? nameAfter(puts), quorum, delete: options.delete === true, dryRun: options.dryRun === true, json: options.json === true })
  if (options.delete === true || options.dryRun === true) throw new UsageError('--delete and --dry-run go with --sync')
  if (options.resume != null && (options.to.length > 0 || options.name != null || options.quorum != null)) throw new UsageError('--resume goes on with a job as it was opened: leave out --to, --name and --quorum')
  const stop = stopSignal()
  try {
    return await withProvider(options.config, stop, async (provider, config) => {
      if (options.resume != null) return await resume(provider, config, options.resume, puts, options, stop)
      const job = await provider.openJob({ to, name: options.name ?? nameAfter(puts), quorum, waitPeriodMs: config.wait.periodMs, waitPeriods: config.wait.periods, signal: stop })
      return await run(provider, config, job, puts, false, options, stop)
    })
  } catch (error) {
    // Stopped before there was a job: there is nothing to tell but that.
    if (!stop.aborted) throw error
    process.stderr.write('sluice: stopped before the job was open; nothing was published\n')
    return EXIT.interrupted
  }
}

function expiryOf ({ expires }: Options): number | undefined {
  if (expires == null) return undefined
  const inMs = parseDuration(expires)
  if (inMs == null) throw new UsageError(`--expires ${JSON.stringify(expires)} is no time; write, for example, 30d`)
  return Date.now() + inMs
}

/** The job's puts are those of this command, in its order; those that the base has not accepted yet are given now. */
async function resume (provider: Provider, config: ProviderConfig, id: string, puts: PlannedPut[], options: Options, stop: AbortSignal): Promise<number> {
  const queue = await provider.queue(id)
  const begun = queue.puts.filter(({ cancelled }) => !cancelled)
  if (begun.length > puts.length) throw new UsageError(`job ${id} has ${begun.length} puts, and here are ${puts.length}: give all paths that it was begun with, in their order`)
  const work = puts.map((put, index): Work => ({ ...put, queued: begun[index] }))
  for (const { local, destination, queued } of work) {
    const there = queued == null ? destination : `/${queued.put.destination.join('/')}`
    if (parsePath(destination).join('/') !== parsePath(there).join('/')) throw new UsageError(`job ${id} puts at ${there} what is ${local} here, for ${destination}: give the paths that it was begun with, in their order, and --as`)
  }
  return await run(provider, config, await provider.attach(id), work, queue.ended, options, stop)
}

async function run (provider: Provider, config: ProviderConfig, job: Job, puts: readonly Work[], isEnded: boolean, options: Options, stop: AbortSignal): Promise<number> {
  // Names are for the eye only: a base that does not tell them is no reason to stop.
  const nameOf = createNames(peerOf(config.base), options.json === true ? [] : await provider.nodes().catch(() => []))
  const view = createView(options, nameOf)
  let ended = false
  const work = async (): Promise<JobClosed> => {
    const watching = watch(job, view)
    // What interests is why sending failed; that the events broke off with it would hide it.
    watching.catch(() => {})
    try {
      for (const { local, destination, queued } of puts) {
        if (queued != null) await job.resume(queued, local, { signal: stop })
        else if (!isEnded) await job.put(local, destination, { arriving: options.arriving, expires: expiryOf(options), signal: stop })
      }
    } catch (error) {
      // A job that nothing more is added to must not stay open: its servers would wait for the rest. One that is resumed can be resumed again.
      if (!stop.aborted && options.resume == null) await job.end().catch(() => {})
      throw error
    }
    if (!isEnded) await job.end()
    ended = true
    const closed = await job.closed()
    await watching
    return closed
  }
  const working = work()
  let closed: JobClosed | undefined | void
  try {
    closed = await Promise.race([working, aborted(stop)])
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    view.stop()
  }
  if (closed == null) {
    working.catch(() => {})
    sayGoodbye(job.id, ended, options)
    return EXIT.interrupted
  }
  process.stdout.write(options.json === true ? `${JSON.stringify(closed)}\n` : `\n${renderReport(closed, nameOf)}\nevidence: sluice receipts ${job.id} -c ${options.config} -o ${job.id}.json\n`)
  return exitOf(closed.outcome)
}

/** Shows all but the last event: that one is printed when everything else has been. */
async function watch (job: Job, view: ProgressView): Promise<void> {
  for await (const event of job.events()) {
    if (event.type === 'job.closed') return
    view.show(event)
  }
}

function createView ({ json }: Options, nameOf: NameOf): ProgressView {
  if (json === true) return createJsonView()
  return process.stdout.isTTY ? createBarView(nameOf) : createLineView(nameOf)
}

function sayGoodbye (job: string, ended: boolean, { config, json }: Options): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ type: 'detached', job, ended })}\n`)
  const what = ended
    ? `job ${job} goes on without this command`
    : `job ${job} is open, but its upload was cut short: the same command with --resume ${job} brings the rest`
  process.stderr.write(`\nsluice: ${what}; see it with\n\n  sluice job ${job} --watch -c ${config}\n`)
}

/** What `sluice jobs` lists it as, where nobody has named it. */
function nameAfter (puts: readonly PlannedPut[]): string {
  const names = puts.map(({ destination }) => destination.slice(destination.lastIndexOf('/') + 1)).filter(name => name !== '')
  return names.length > NAMED_PUTS ? `${names.slice(0, NAMED_PUTS).join(', ')} and ${names.length - NAMED_PUTS} more` : names.join(', ')
}

export function parseQuorum (text: string | undefined): number | undefined {
  if (text == null) return undefined
  const quorum = Number(text)
  if (!Number.isInteger(quorum) || quorum < 1) throw new UsageError(`--quorum ${JSON.stringify(text)} is not a whole number from 1`)
  return quorum
}
