import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stat } from 'node:fs/promises'
import { parsePath } from '@sluice/wire'
import type { Job, JobEvent } from '@sluice/sdk'
import { peerOf } from '../address.ts'
import { UsageError } from '../failure.ts'
import { count, formatBytes } from '../format.ts'
import { type ChannelStep, runChannel } from '../live/channel-run.ts'
import { createNames, type NameOf } from '../progress-lines.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { parseDuration } from '../quantity.ts'
import { exitOf, renderReport } from '../report.ts'
import { stopSignal } from '../stop-signal.ts'
import { parseTargets } from '../targets.ts'
import { parseQuorum } from './publish.ts'

interface Options {
  config: string
  to: string[]
  as: string
  name?: string
  quorum?: string
  idle?: string
  lossy?: string
  json?: boolean
}

/** After Ctrl-C whoever writes to our stdin may finish what he writes, so long, in milliseconds. */
const LAST_WORDS_MS = 2_000

export const addLive: AddCommand = (root, finish) => {
  root.command('live')
    .description('bring live media to nodes while it is produced: stdin, or the folder a packager (HLS, DASH) writes to')
    .argument('<source>', '- for stdin, or the packager\'s output folder')
    .requiredOption('--as <path>', 'where it lands below the nodes\' media root: stdin as a file exactly there, a folder\'s content in there')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--to <targets>', 'all, label=value or peer ids, comma-separated; may be repeated (default: all)', (value: string, before: string[]) => [...before, value], [])
    .option('--name <text>', 'a name of the job, for people (default: the path of --as)')
    .option('--quorum <n>', 'how many servers must complete for "complete" (default: all)')
    .option('--idle <time>', 'a folder: end when nothing in it has changed for so long, such as 30s')
    .option('--lossy <time>', 'stdin: leave out what is later than this, such as 2s, instead of waiting for it')
    .option('--json', 'print events as JSON lines; the last is job.closed')
    .action((source: string, options: Options) => finish(live(source, options)))
}

async function live (source: string, options: Options): Promise<number> {
  const to = parseTargets(options.to.length > 0 ? options.to : ['all'])
  const as = `/${options.as.replace(/^\/+|\/+$/g, '')}`
  if (source === '-' && parsePath(as).length === 0) throw new UsageError('--as names no file; write, for example, --as /live/x.ts')
  const idleMs = options.idle == null ? undefined : parseDuration(options.idle)
  if (options.idle != null && idleMs == null) throw new UsageError(`--idle ${JSON.stringify(options.idle)} is no time; write, for example, 30s`)
  if (source === '-' && idleMs != null) throw new UsageError('--idle is for folders: stdin ends by itself')
  const deadlineMs = options.lossy == null ? undefined : parseDuration(options.lossy)
  if (options.lossy != null && deadlineMs == null) throw new UsageError(`--lossy ${JSON.stringify(options.lossy)} is no time; write, for example, 2s`)
  if (source !== '-' && deadlineMs != null) throw new UsageError('--lossy is for stdin: the files of a folder arrive whole or not at all')
  if (source !== '-' && (await stat(source).catch(() => undefined))?.isDirectory() !== true) throw new UsageError(`${source} is no directory; write - for stdin`)
  const quorum = parseQuorum(options.quorum)
  const stop = stopSignal()
  // The signal ends the media, not the connection: what has come is still brought to its end.
  return await withProvider(options.config, undefined, async (provider, { base, wait }) => {
    const nameOf = createNames(peerOf(base), options.json === true ? [] : await provider.nodes().catch(() => []))
    const job = await provider.openJob({ to, name: options.name ?? as, quorum, waitPeriodMs: wait.periodMs, waitPeriods: wait.periods, signal: stop })
    const watching = watchEvents(job, options, nameOf)
    try {
      if (source === '-') await pipeStdin(job, as, deadlineMs, stop)
      else await runChannel({ job, dir: source, as, idleMs, stop, onStep: step => { if (options.json !== true) process.stdout.write(`${describe(step)}\n`) } })
    } finally {
      // However it went: its servers are not to wait for more.
      await job.end()
    }
    const closed = await job.closed()
    await watching
    process.stdout.write(options.json === true ? `${JSON.stringify(closed)}\n` : `\n${renderReport(closed, nameOf)}\nevidence: sluice receipts ${job.id} -c ${options.config} -o ${job.id}.json\n`)
    return exitOf(closed.outcome)
  })
}

async function pipeStdin (job: Job, as: string, deadlineMs: number | undefined, stop: AbortSignal): Promise<void> {
  const media = await job.putLive(as, { deadlineMs })
  const through = new PassThrough()
  const cut = (): void => {
    process.stdin.unpipe(through)
    process.stdin.destroy()
    through.end()
  }
  const stopped = (): void => { setTimeout(cut, LAST_WORDS_MS).unref() }
  stop.addEventListener('abort', stopped, { once: true })
  process.stdin.on('error', error => through.destroy(error))
  process.stdin.pipe(through)
  try {
    await pipeline(through, media)
  } finally {
    stop.removeEventListener('abort', stopped)
  }
}

/** All but the last event: that one is printed when everything else has been. Reading them keeps their queue short. */
async function watchEvents (job: Job, { json }: Options, nameOf: NameOf): Promise<void> {
  for await (const event of job.events()) {
    if (event.type === 'job.closed') return
    const line = json === true ? JSON.stringify(event) : describeEvent(event, nameOf)
    if (line != null) process.stdout.write(`${line}\n`)
  }
}

function describeEvent (event: JobEvent, nameOf: NameOf): string | undefined {
  if (event.type === 'job.opened') return `job ${event.job} opened for ${count(event.servers.length, 'server')}`
  if (event.type === 'receipt' && event.kind.endsWith('failed')) return `${nameOf(event.peer)} failed: ${event.reason ?? 'no reason given'}`
  return undefined
}

function describe (step: ChannelStep): string {
  return step.type === 'removed' ? `removed   ${step.path}` : `${step.type.padEnd(8)}  ${step.path}  ${formatBytes(step.bytes)}`
}
