import type { CommandOptions, CommandState, Job } from '@sluice/sdk'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../failure.ts'
import { parseMode, parseTime } from '../media-text.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { aborted, stopSignal } from '../stop-signal.ts'
import { parseTargets } from '../targets.ts'
import { parseQuorum } from './publish.ts'

interface Options {
  config: string
  json?: boolean
}

interface AddOptions extends Options {
  track?: number
  continueAfterFailure?: boolean
  wait?: boolean
}

/** Gives one command, and says its place in the queue. */
type Give = (job: Job, options: CommandOptions) => Promise<number>

/** A job's queue, a command at a time: open it, add to it, end it, from as many shells and at as many times as one likes. */
export const addQueue: AddCommand = (root, finish) => {
  withCommon(root.command('open'), 'open a job that stays open: `sluice add` adds commands to it, `sluice end` ends it')
    .option('--to <targets>', 'all, label=value or peer ids, comma-separated; may be repeated (default: all)', (value: string, before: string[]) => [...before, value], [])
    .option('--name <text>', 'a name of the job, for people')
    .option('--quorum <n>', 'how many servers must complete for "complete" (default: all)')
    .action((options: Options & { to: string[], name?: string, quorum?: string }) => finish(open(options)))

  const parent = root.command('add').description('add a command to an open job: `sluice add KIND JOB …`')
  const add = (usage: string, description: string): Command => withCommon(parent.command(usage), description)
    .option('--track <n>', 'effects of one track are made in order (default: 0)', wholeNumber)
    .option('--continue-after-failure', 'later commands of the track are done even where this one fails')
    .option('--wait', 'until all servers have done it; the exit status says whether they have')
  add('put <job> <local>', 'a file or directory, to every server')
    .requiredOption('--as <path>', 'where it lands below the nodes\' media root')
    .option('--staged', 'held until a publish shows it')
    .action((id: string, local: string, options: AddOptions & { as: string, staged?: boolean }) => finish(give(id, options, async (job, placed) => (await job.put(local, options.as, { ...placed, staged: options.staged })).seq)))
  add('mkdir <job> <path>', 'a folder, and those above it')
    .option('--mode <octal>', 'its permissions')
    .action((id: string, path: string, options: AddOptions & { mode?: string }) => {
      const mode = parseMode(options.mode)
      return finish(give(id, options, async (job, placed) => await job.mkdir(path, { ...placed, ...mode == null ? {} : { attributes: { mode } } })))
    })
  add('setattr <job> <path>', 'attributes of a file or folder')
    .option('--mode <octal>', 'permissions')
    .option('--mtime <time>', 'time of modification: 2026-01-31T12:00:00Z, or seconds since 1970')
    .option('--owner <name>', 'owner, where a server allows it')
    .option('--group <name>', 'group, where a server allows it')
    .action((id: string, path: string, options: AddOptions & { mode?: string, mtime?: string, owner?: string, group?: string }) => {
      const change = { mode: parseMode(options.mode), mtime: parseTime(options.mtime), owner: options.owner, group: options.group }
      if (Object.values(change).every(value => value == null)) throw new UsageError('nothing is to be changed; name --mode, --mtime, --owner or --group')
      return finish(give(id, options, async (job, placed) => await job.setAttributes(path, change, placed)))
    })
  add('move <job> <from> <to>', 'move a file or folder')
    .action((id: string, from: string, to: string, options: AddOptions) => finish(give(id, options, async (job, placed) => await job.move(from, to, placed))))
  add('remove <job> <path>', 'remove a file or folder')
    .option('-r, --recursive', 'with all that is in it')
    .action((id: string, path: string, options: AddOptions & { recursive?: boolean }) => finish(give(id, options, async (job, placed) => await job.remove(path, { ...placed, recursive: options.recursive === true }))))
  add('publish <job> <put...>', 'show staged puts, by their numbers, all at once')
    .action((id: string, puts: string[], options: AddOptions) => {
      const seqs = puts.map(wholeNumber)
      return finish(give(id, options, async (job, placed) => await job.publish(seqs, placed)))
    })
  add('verify <job> <path>', 'have servers compare what they hold with what was signed')
    .action((id: string, path: string, options: AddOptions) => finish(give(id, options, async (job, placed) => await job.verify(path, placed))))
  add('barrier <job> [track...]', 'what follows on these tracks waits for what is before it on them (default: all tracks)')
    .action((id: string, tracks: string[], options: AddOptions) => {
      const numbers = tracks.map(wholeNumber)
      return finish(give(id, options, async (job, placed) => await job.barrier(numbers, placed)))
    })
  add('cancel <job> <put>', 'call a put off, by its number')
    .option('--reason <text>', 'why', 'called off by its provider')
    .action((id: string, put: string, options: AddOptions & { reason: string }) => {
      const seq = wholeNumber(put)
      return finish(give(id, options, async (job, placed) => await job.cancel(seq, options.reason, placed)))
    })

  withCommon(root.command('end'), 'end an open job: nothing more is added, and servers complete it when they have done all of it')
    .argument('<job>', 'the job')
    .action((id: string, options: Options) => finish(end(id, options)))
}

function withCommon (command: Command, description: string): Command {
  return command.description(description)
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--json', 'print a JSON line')
}

async function open (options: Options & { to: string[], name?: string, quorum?: string }): Promise<number> {
  const to = parseTargets(options.to.length > 0 ? options.to : ['all'])
  const quorum = parseQuorum(options.quorum)
  return await withProvider(options.config, stopSignal(), async (provider, { wait }) => {
    const job = await provider.openJob({ to, name: options.name ?? '', quorum, waitPeriodMs: wait.periodMs, waitPeriods: wait.periods })
    say(options, { type: 'job.opened', job: job.id, servers: job.servers }, job.id)
    return EXIT.complete
  })
}

async function give (id: string, options: AddOptions, work: Give): Promise<number> {
  const stop = stopSignal()
  return await withProvider(options.config, stop, async provider => {
    const job = await provider.attach(id)
    const seq = await work(job, { track: options.track, continueAfterFailure: options.continueAfterFailure, signal: stop })
    if (options.wait !== true) {
      say(options, { type: 'command.added', job: id, seq }, String(seq))
      return EXIT.complete
    }
    const outcomes = await Promise.race([settled(job, seq), aborted(stop)])
    if (outcomes == null) return EXIT.interrupted
    const done = [...outcomes.values()].filter(state => state !== 'failed').length
    const servers = job.servers.length
    say(options, { type: 'command.settled', job: id, seq, servers: Object.fromEntries(outcomes) }, done === servers ? String(seq) : `${seq}: done on ${done} of ${servers} servers; \`sluice job ${id} --json\` says why`)
    if (done === servers) return EXIT.complete
    return done > 0 ? EXIT.partial : EXIT.failed
  })
}

/** How a command ended on every server, once each has said so. */
async function settled (job: Job, seq: number): Promise<ReadonlyMap<string, CommandState>> {
  const isSettled = (): boolean => job.outcomes(seq).size === job.servers.length
  for await (const _ of job.events()) if (isSettled()) break
  if (!isSettled()) throw new Error(`job ${job.id} was closed before every server had an outcome of command ${seq}`)
  return job.outcomes(seq)
}

async function end (id: string, options: Options): Promise<number> {
  return await withProvider(options.config, stopSignal(), async provider => {
    await (await provider.attach(id)).end()
    say(options, { type: 'job.ending', job: id }, `ended; sluice job ${id} --watch waits for its outcome`)
    return EXIT.complete
  })
}

function say ({ json }: Options, event: object, text: string): void {
  process.stdout.write(`${json === true ? JSON.stringify(event) : text}\n`)
}

function wholeNumber (text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new UsageError(`${JSON.stringify(text)} is no whole number`)
  return Number(text)
}
