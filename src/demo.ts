import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobClosed } from '@sluice/sdk'
import { createBoard, describeSource } from './demo/board.ts'
import { compareTree, describeTree } from './demo/comparison.ts'
import { examineBundle } from './demo/evidence.ts'
import { Fleet } from './demo/fleet.ts'
import { Publication } from './demo/publication.ts'
import { chooseSources, type Source } from './demo/source.ts'
import { describeEgress, missingReceipts, renderSummary, type Outcome } from './demo/summary.ts'
import { checkSpace, createWorkplace } from './demo/workplace.ts'
import { EXIT } from './failure.ts'
import { count, formatDuration } from './format.ts'
import { aborted } from './stop-signal.ts'

const NODES = 8
// A copy per node, and one each for the source, the base and staging.
const COPIES = NODES + 3
// The base closes every job by itself, well before this; only a bug stands still for so long.
const SILENCE_LIMIT_MS = 120_000
const SILENCE_CHECK_MS = 1_000

// One broken node breaks every file: the first lines say it all.
const SHOWN_PROBLEMS = 12

export interface DemoInit {
  path?: string
  dir?: string
  keep: boolean
  stop: AbortSignal
}

/** The main job, for all to see: real processes, real media, two jobs at once, and every byte and receipt checked. */
export async function runDemo ({ path, dir, keep, stop }: DemoInit): Promise<number> {
  const workplace = await createWorkplace(dir)
  let leave = keep
  let fleet: Fleet | undefined
  const kill = (): void => fleet?.kill()
  process.once('exit', kill)
  try {
    const sources = await chooseSources(workplace.dir, path)
    await checkSpace(workplace.dir, sources.reduce((sum, source) => sum + source.bytes, 0) * COPIES)
    fleet = await Fleet.prepare(workplace.dir, NODES, sources.map(source => source.provider))
    const problems = await perform(fleet, sources, stop)
    if (problems == null) {
      say('\nstopped; nothing is left behind')
      return EXIT.interrupted
    }
    if (problems.length > 0) {
      leave = true
      const shown = problems.slice(0, SHOWN_PROBLEMS).map(problem => `sluice demo: ${problem}\n`).join('')
      const more = problems.length > SHOWN_PROBLEMS ? `sluice demo: and ${problems.length - SHOWN_PROBLEMS} more\n` : ''
      process.stderr.write(`\n${shown}${more}sluice demo: FAILED; configurations, logs and media are left in ${workplace.dir}\n`)
      return EXIT.failed
    }
    say(dir == null && !keep ? '\nwhere to look: run it with `-- --keep` to have the fleet stay up' : `\nwhere to look: ${workplace.dir}`)
    say('\nsluice demo: OK')
    if (keep) {
      explain(fleet, sources)
      await aborted(stop)
    }
    return EXIT.complete
  } catch (error) {
    leave = !stop.aborted
    if (leave) process.stderr.write(`sluice demo: what it has written is left in ${workplace.dir}\n`)
    throw error
  } finally {
    await fleet?.stop()
    process.off('exit', kill)
    if (!leave) await workplace.remove()
  }
}

/** Resolves with all that is wrong; with nothing at all if it was stopped. */
async function perform (fleet: Fleet, sources: readonly Source[], stop: AbortSignal): Promise<string[] | undefined> {
  const startedMs = performance.now()
  say(`1 base, ${NODES} nodes and ${sources.length} providers, each a process of its own, in ${fleet.dir}`)
  for (const source of sources) say(`  ${describeSource(source)}`)
  await Promise.race([fleet.start(), aborted(stop)])
  if (stop.aborted) return
  say(`all ready after ${formatDuration(performance.now() - startedMs)}; both jobs start now\n`)
  const closed = await publishAll(fleet, sources, stop)
  if (closed == null) return
  say('\ncomparing every file on every node with its source, by SHA-256, mode and time')
  const problems: string[] = []
  const outcomes: Outcome[] = []
  for (const [i, source] of sources.entries()) {
    const job = closed[i]
    if (job == null || stop.aborted) return
    if (job.outcome !== 'complete') problems.push(`job ${job.job} of ${source.provider} is ${job.outcome}`)
    const expected = await describeTree(source.local)
    for (const node of fleet.nodes) problems.push(...await compareTree(expected, join(fleet.mediaRoot(node), source.destination)))
    const evidence = await fetchEvidence(fleet, source, job.job)
    problems.push(...evidence.problems.map(problem => `bundle of job ${job.job}: ${problem}`))
    const outcome = { closed: job, evidence, puts: 1, bytes: source.bytes }
    problems.push(...missingReceipts(fleet.nodes, outcome))
    outcomes.push(outcome)
  }
  say(`\n${renderSummary(fleet.nodes, outcomes, fleet.nameOf)}\n`)
  if (problems.length === 0) say(`${count(sources.reduce((sum, source) => sum + source.files, 0), 'file')} on each of ${NODES} nodes are the same as their sources, and every receipt holds`)
  say(describeEgress(outcomes, fleet.base.peer, fleet.egressBytes))
  return problems
}

async function publishAll (fleet: Fleet, sources: readonly Source[], stop: AbortSignal): Promise<JobClosed[] | undefined> {
  const publications: Publication[] = []
  const board = createBoard(() => publications, fleet.nodes, fleet.nameOf)
  for (const source of sources) publications.push(new Publication(fleet, source, event => board.show(source, event)))
  const settled = settle(publications)
  return await Promise.race([settled, aborted(stop).then(() => undefined)]).finally(() => {
    settled.catch(() => {})
    board.stop()
  })
}

async function settle (publications: readonly Publication[]): Promise<JobClosed[]> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => {
      const silentMs = performance.now() - Math.max(...publications.map(({ newsMs }) => newsMs))
      if (silentMs > SILENCE_LIMIT_MS) reject(new Error(`no job has come any further for ${formatDuration(silentMs)}; look at the logs`))
    }, SILENCE_CHECK_MS)
  })
  return await Promise.race([Promise.all(publications.map(publication => publication.closed())), silence]).finally(() => clearInterval(timer))
}

/** As anyone would: by the command line. */
async function fetchEvidence (fleet: Fleet, { provider }: Source, job: string): ReturnType<typeof examineBundle> {
  const place = fleet.providers.find(candidate => candidate.name === provider)
  const file = join(fleet.dir, `${job}.bundle.json`)
  const child = fleet.run(`${provider}-receipts`, ['receipts', job, '-c', place?.config ?? '', '-o', file])
  const status = await child.exited
  if (status !== EXIT.complete) return { counts: new Map(), problems: [`could not be fetched (status ${status}) ${child.errors}`] }
  return await examineBundle(await readFile(file, 'utf8'), fleet.base.peer, place?.peer ?? '')
}

function explain (fleet: Fleet, sources: readonly Source[]): void {
  const config = fleet.providers[0]?.config ?? ''
  const [node] = fleet.nodes
  say(`
It stays up until Ctrl-C. From the clone, in another terminal:

  npx sluice nodes -c ${config}
  npx sluice jobs -c ${config}
  npx sluice publish README.md --to all -c ${config}
  npx sluice verify ${join(fleet.dir, 'JOB.bundle.json')} --base ${fleet.base.peer}

Media of the first node: ${node == null ? '' : join(fleet.mediaRoot(node), sources[0]?.destination ?? '')}
Logs: ${join(fleet.dir, '*.log')}`)
}

function say (text: string): void {
  process.stdout.write(`${text}\n`)
}
