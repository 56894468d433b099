import type { JobDetail, JobSummary, Provider } from '@sluice/sdk'
import { peerOf } from '../address.ts'
import { EXIT } from '../failure.ts'
import { formatBytes, formatTime } from '../format.ts'
import { createNames, type NameOf } from '../progress-lines.ts'
import { createBarView, createJsonView, createLineView } from '../progress-view.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { exitOf, renderReport } from '../report.ts'
import { aborted, stopSignal } from '../stop-signal.ts'
import { renderTable } from '../table.ts'

interface Options {
  config: string
  json?: boolean
  watch?: boolean
}

export const addJobs: AddCommand = (root, finish) => {
  root.command('jobs')
    .description('list the jobs of this provider, the latest first')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--json', 'print a JSON line per job')
    .action((options: Options) => finish(listJobs(options)))
}

export const addJob: AddCommand = (root, finish) => {
  root.command('job')
    .description('show one job, server by server')
    .argument('<id>', 'the job')
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--watch', 'follow it until it is closed; the exit status is its outcome')
    .option('--json', 'print JSON lines')
    .action((id: string, options: Options) => finish(options.watch === true ? watchJob(id, options) : showJob(id, options)))
}

async function listJobs ({ config, json }: Options): Promise<number> {
  const jobs = await withProvider(config, undefined, provider => provider.jobs())
  if (json === true) for (const job of jobs) process.stdout.write(`${JSON.stringify(job)}\n`)
  else process.stdout.write(jobs.length === 0 ? 'no jobs yet; `sluice publish PATH` makes one\n' : `${renderJobs(jobs)}\n`)
  return EXIT.complete
}

export function renderJobs (jobs: readonly JobSummary[]): string {
  return renderTable(
    [{ title: 'job' }, { title: 'name' }, { title: 'state' }, { title: 'servers', align: 'right' }, { title: 'bytes', align: 'right' }, { title: 'created (UTC)' }],
    jobs.map(job => [job.id, job.name, job.state, `${job.completed}/${job.servers}`, formatBytes(job.bytes), formatTime(job.created)])
  )
}

async function showJob (id: string, { config, json }: Options): Promise<number> {
  return await withProvider(config, undefined, async (provider, { base }) => {
    const job = await provider.job(id)
    if (json === true) process.stdout.write(`${JSON.stringify(job)}\n`)
    else process.stdout.write(`${renderJob(job, await namesOf(provider, base))}\n`)
    return EXIT.complete
  })
}

function renderJob (job: JobDetail, nameOf: NameOf): string {
  const lines = renderTable(
    [{ title: 'server' }, { title: 'state' }, { title: 'bytes', align: 'right' }],
    job.lines.map(line => [nameOf(line.peer), line.reason == null ? line.state : `${line.state}: ${line.reason}`, formatBytes(line.bytes)])
  )
  return `${renderJobs([job])}\n\n${lines}`
}

async function watchJob (id: string, { config, json }: Options): Promise<number> {
  const stop = stopSignal()
  return await withProvider(config, stop, async (provider, { base }) => {
    const nameOf = await namesOf(provider, base)
    const job = await provider.attach(id)
    const view = json === true ? createJsonView() : process.stdout.isTTY ? createBarView(nameOf) : createLineView(nameOf)
    const showing = (async () => {
      for await (const event of job.events()) {
        if (event.type === 'job.closed') return
        view.show(event)
      }
    })()
    showing.catch(() => {})
    const finished = (async () => {
      const closed = await job.closed()
      // What came before the final notice is shown before it.
      await showing
      return closed
    })()
    finished.catch(() => {})
    const closed = await Promise.race([finished, aborted(stop)]).finally(() => view.stop())
    if (closed == null) return EXIT.interrupted
    process.stdout.write(json === true ? `${JSON.stringify(closed)}\n` : `\n${renderReport(closed, nameOf)}\n`)
    return exitOf(closed.outcome)
  })
}

async function namesOf (provider: Provider, base: string): Promise<NameOf> {
  return createNames(peerOf(base), await provider.nodes())
}
