import { ErrandError, type RemoteMedia } from '@sluice/node'
import { type Entry, EntryType, parsePath, toHex } from '@sluice/wire'
import { SourceError } from './errors.ts'
import { digestOf } from './file-digest.ts'
import type { Job } from './job.ts'
import type { JobClosed } from './job-events.ts'
import type { JobRequestOptions, NodeSummary } from './provider.ts'
import { type Scanned, scan } from './scan.ts'
import { type HeldTree, planSync, type SyncPlan, type SyncStep } from './sync-plan.ts'

export interface SyncOptions extends Omit<JobRequestOptions, 'to'> {
  /** 'all' (default), 'label=value' or peer ids: the union of them. */
  readonly to?: string | readonly string[] | undefined
  /** Remove on the servers what is not here. */
  readonly delete?: boolean | undefined
  /** Compare, and do nothing. */
  readonly dryRun?: boolean | undefined
  /** A job was opened for some of the servers; its events can be followed. */
  readonly onJob?: ((job: Job) => void) | undefined
}

export interface SyncReport extends Omit<SyncPlan, 'steps'> {
  /** Complete if every server holds now what is here, whether anything had to be done or not. */
  readonly outcome: 'complete' | 'partial' | 'failed'
  /** Servers that were compared, and those that could not be, with the reason. */
  readonly compared: readonly string[]
  readonly unreachable: ReadonlyArray<{ readonly peer: string, readonly reason: string }>
  /** Entries here. */
  readonly entries: number
  /** Bytes of files here, and those of them that travel: what no server had, and nothing twice. */
  readonly bytes: number
  readonly sent: number
  /** One for each set of servers that needed the same; none in a dry run. */
  readonly jobs: readonly JobClosed[]
}

export interface SyncComponents {
  readonly nodes: () => Promise<NodeSummary[]>
  readonly media: (node: string) => RemoteMedia
  readonly openJob: (options: JobRequestOptions) => Promise<Job>
}

/** Servers that hash their trees at one time. */
const SERVERS_AT_ONCE = 8
/** Beyond so many changes of attributes they go with the put, as files made of themselves: a command each would be more than their bytes. */
const MAX_SETATTR = 16

/**
 * Make servers hold what a directory here holds, and send only what differs.
 *
 * @throws {SourceError | PathError | RefusedError}
 */
export async function sync (components: SyncComponents, local: string, destination: string, options: SyncOptions = {}): Promise<SyncReport> {
  const path = parsePath(destination)
  const { signal, delete: remove = false } = options
  const scanned = await scan(local, path.length > 0)
  if (scanned.single) throw new SourceError(`${local} is a file: a sync compares directories; publish it instead`)
  for (const [index, entry] of scanned.entries.entries()) {
    if (entry.type === EntryType.FILE) entry.digest = await digestOf(scanned.local[index] as string, entry, { signal })
  }
  const peers = targetsOf(await components.nodes(), options.to ?? 'all')
  const { trees, unreachable } = await compare(components, peers, path, signal)
  const { steps, ...plan } = planSync(scanned.entries, trees, { remove })
  const report = {
    ...plan,
    compared: trees.flatMap(({ nodes }) => [...nodes]),
    unreachable,
    entries: scanned.entries.length,
    bytes: scanned.bytes,
    sent: steps.reduce((sum, step) => sum + sentBy(scanned, step), 0)
  }
  if (plan.obstructed.length > 0 && options.dryRun !== true) throw new SourceError(`${plan.obstructed.slice(0, 3).join(', ')} on the servers: a folder where a file is here, or the other way round; sync with "delete" to have it removed`)
  const jobs: JobClosed[] = []
  if (options.dryRun !== true) for (const step of steps) jobs.push(await perform(components, scanned, path, step, options))
  return { ...report, jobs, outcome: outcomeOf(trees.length, unreachable.length, jobs) }
}

function outcomeOf (compared: number, unreachable: number, jobs: readonly JobClosed[]): SyncReport['outcome'] {
  if (compared === 0) return 'failed'
  if (unreachable === 0 && jobs.every(({ outcome }) => outcome === 'complete')) return 'complete'
  return jobs.length > 0 && jobs.every(({ outcome }) => outcome === 'failed') ? 'failed' : 'partial'
}

/** The nodes that targets name, as the base would choose them. */
function targetsOf (nodes: readonly NodeSummary[], to: string | readonly string[]): string[] {
  const selectors = typeof to === 'string' ? [to] : to
  const chosen = new Set<string>()
  for (const selector of selectors) {
    const matching = nodes.filter(({ peer, labels, revoked }) => !revoked && (selector === 'all' || selector === peer || Object.entries(labels).some(([name, value]) => `${name}=${value}` === selector)))
    if (matching.length === 0) throw new SourceError(`no node matches ${JSON.stringify(selector)}: a target is 'all', a label such as region=eu, or a node's peer id`)
    for (const { peer } of matching) chosen.add(peer)
  }
  return [...chosen]
}

/** What the servers hold: each says one digest of it, and one of those that say the same is asked for the whole. */
async function compare (components: SyncComponents, peers: readonly string[], path: readonly string[], signal: AbortSignal | undefined): Promise<{ trees: HeldTree[], unreachable: Array<{ peer: string, reason: string }> }> {
  const groups = new Map<string, { nodes: string[], root: Entry | undefined }>()
  const unreachable: Array<{ peer: string, reason: string }> = []
  const waiting = [...peers]
  await Promise.all(Array.from({ length: SERVERS_AT_ONCE }, async () => {
    for (let peer = waiting.shift(); peer != null; peer = waiting.shift()) {
      try {
        const root = await rootOf(components.media(peer), path, signal)
        const state = root == null ? '' : `${toHex(root.digest)} ${root.attributes?.mode} ${root.attributes?.mtimeSeconds}`
        const group = groups.get(state) ?? { nodes: [], root }
        groups.set(state, group)
        group.nodes.push(peer)
      } catch (error) {
        signal?.throwIfAborted()
        unreachable.push({ peer, reason: (error as Error).message })
      }
    }
  }))
  const trees: HeldTree[] = []
  for (const { nodes, root } of groups.values()) {
    const entries: Entry[] = []
    if (root != null) {
      entries.push({ ...root, path: [] })
      for await (const entry of components.media(nodes[0] as string).list(path, { recursive: true, digests: true, signal })) entries.push(entry)
    }
    trees.push({ nodes, entries })
  }
  return { trees, unreachable }
}

async function rootOf (media: RemoteMedia, path: readonly string[], signal: AbortSignal | undefined): Promise<Entry | undefined> {
  const root = await media.stat(path, { digest: true, signal }).catch((error: Error) => {
    if (!(error instanceof ErrandError) || error.code !== 'not-found') throw error
  })
  if (root == null || root.type === EntryType.DIRECTORY) return root ?? undefined
  throw new Error(`/${path.join('/')} is no folder there: remove it first, or sync to another path`)
}

async function perform ({ openJob }: SyncComponents, scanned: Scanned, path: string[], step: SyncStep, { onJob, to: _, delete: __, dryRun: ___, ...options }: SyncOptions): Promise<JobClosed> {
  const { signal } = options
  const job = await openJob({ ...options, to: step.nodes, ...options.quorum == null ? {} : { quorum: Math.min(options.quorum, step.nodes.length) } })
  onJob?.(job)
  const at = (relative: readonly string[]): string => `/${[...path, ...relative].join('/')}`
  try {
    for (const way of step.clear) await job.remove(at(way), { recursive: true, signal })
    const withPut = step.setattr.length > MAX_SETATTR
    const subset = subsetOf(scanned, step, withPut)
    if (subset.entries.length > 0) await job.putScanned(subset, path, { signal })
    if (!withPut) {
      for (const index of step.setattr) {
        const { path: relative, attributes } = scanned.entries[index] as Entry
        await job.setAttributes(at(relative), { mode: attributes?.mode, mtime: BigInt(attributes?.mtimeSeconds ?? 0) * 1_000_000_000n + BigInt(attributes?.mtimeNanos ?? 0) }, { signal })
      }
    }
    for (const gone of step.remove) await job.remove(at(gone), { recursive: true, signal })
    // What is taken out of a folder changes its time.
    if (step.remove.length > 0 && step.restore.length > 0) await job.putScanned(chosen(scanned, step.restore, new Map()), path, { signal })
  } finally {
    // A job that nothing more is added to must not stay open: its servers would wait for the rest.
    await job.end()
  }
  return await job.closed()
}

/** The entries that a step puts; with `setattr` also the files that change by their attributes only, made of themselves. */
function subsetOf (scanned: Scanned, { put, held, setattr, above }: SyncStep, withSetattr: boolean): Scanned {
  if (!withSetattr) return chosen(scanned, put, held)
  const own = new Map(setattr.map(index => [index, (scanned.entries[index] as Entry).path]))
  return chosen(scanned, [...new Set([...put, ...setattr, ...above])].sort((a, b) => a - b), new Map([...held, ...own]))
}

function chosen ({ entries, local }: Scanned, indexes: readonly number[], held: ReadonlyMap<number, readonly string[]>): Scanned {
  const picked = indexes.map(index => {
    const entry = entries[index] as Entry
    const target = held.get(index)
    // A digest is needed only where the bytes do not come along: those are signed by pages.
    return target == null ? { ...entry, digest: new Uint8Array() } : { ...entry, target: [...target] }
  })
  const files = picked.filter(({ type }) => type === EntryType.FILE)
  return { single: false, entries: picked, local: indexes.map(index => local[index] as string), bytes: files.reduce((sum, { size }) => sum + size, 0), files: files.length }
}

/** Bytes of a step that no server of it holds, each content once. */
function sentBy ({ entries }: Scanned, { put, held }: SyncStep): number {
  const sizes = new Map(put.flatMap(index => {
    const { type, size, digest } = entries[index] as Entry
    return type === EntryType.FILE && !held.has(index) ? [[toHex(digest), size] as const] : []
  }))
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}
