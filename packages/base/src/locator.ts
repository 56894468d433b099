import type { Entry, Label } from '@sluice/wire'
import { EntryType } from '@sluice/wire'

export interface LocatedNode {
  readonly node: string
  readonly labels: readonly Label[]
  readonly entry: Entry
  /** How many it serves now. */
  readonly viewers: number
  /** Bytes per second that it can send; 0: not known. */
  readonly uploadRate: number
  /** Where its viewers go; undefined if it did not say. */
  readonly http: string | undefined
}

export interface LocatorInit {
  /** Media servers that can be asked now. */
  readonly nodes: () => ReadonlyArray<{ readonly peer: string, readonly labels: readonly Label[], readonly uploadRate: number }>
  /** Ask one what it has at a path; a rejection: nothing. */
  readonly look: (node: string, path: readonly string[], signal: AbortSignal) => Promise<{ entry: Entry, viewers: number }>
  readonly httpOf: (node: string) => string | undefined
  readonly nowMs?: (() => number) | undefined
}

/** An answer is given again for so long: a crowd that comes at once asks each server once. In milliseconds. */
const FRESH_MS = 3_000
/** Who does not answer in this time is not where a viewer should be sent. In milliseconds. */
const LOOK_MS = 3_000
/** Servers asked for one answer; of a larger fleet others in turn. */
const NODES_ASKED = 64
/** Answers kept. */
const MAX_KEPT = 1_000

/**
 * Who has a file: every server that is connected is asked what stands at its
 * path now, so the answer is what they have and not what they should have.
 */
export class Locator {
  readonly #init: LocatorInit
  readonly #kept = new Map<string, { readonly atMs: number, readonly found: Promise<LocatedNode[]> }>()
  #turn = 0

  constructor (init: LocatorInit) {
    this.#init = init
  }

  /**
   * Those that have the newest version of a file, the least busy first.
   *
   * @param path - checked components
   */
  async locate (path: readonly string[]): Promise<LocatedNode[]> {
    const nowMs = this.#init.nowMs?.() ?? performance.now()
    const key = path.join('/')
    const kept = this.#kept.get(key)
    if (kept != null && nowMs - kept.atMs < FRESH_MS) return await kept.found
    const found = this.#ask(path)
    this.#kept.delete(key)
    this.#kept.set(key, { atMs: nowMs, found })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break
      this.#kept.delete(oldest)
    }
    return await found
  }

  async #ask (path: readonly string[]): Promise<LocatedNode[]> {
    const { nodes, look, httpOf } = this.#init
    const all = nodes()
    const asked = all.length <= NODES_ASKED ? all : Array.from({ length: NODES_ASKED }, (_, i) => all[(this.#turn + i) % all.length] as typeof all[number])
    this.#turn += asked.length
    const answers = await Promise.all(asked.map(async ({ peer, labels, uploadRate }) => {
      const answer = await look(peer, path, AbortSignal.timeout(LOOK_MS)).catch(() => undefined)
      return answer == null || answer.entry.type !== EntryType.FILE ? [] : [{ node: peer, labels, uploadRate, ...answer, http: httpOf(peer) }]
    }))
    const holders = answers.flat()
    const newest = holders.reduce<LocatedNode | undefined>((best, holder) => best == null || isNewer(holder.entry, best.entry) ? holder : best, undefined)
    if (newest == null) return []
    return holders.filter(({ entry }) => entry.size === newest.entry.size && timeOf(entry) === timeOf(newest.entry)).sort((a, b) => busy(a) - busy(b))
  }
}

/** Whether every one of the labels, as `name=value`, is the node's. */
export function hasLabels ({ labels }: Pick<LocatedNode, 'labels'>, wanted: readonly string[]): boolean {
  return wanted.every(label => labels.some(({ name, value }) => `${name}=${value}` === label))
}

/** Viewers for what the uplink can do; where nobody knows that, viewers alone. */
function busy ({ viewers, uploadRate }: LocatedNode): number {
  return (viewers + 1) / (uploadRate > 0 ? uploadRate : 1)
}

function timeOf ({ attributes }: Entry): bigint {
  return BigInt(attributes?.mtimeSeconds ?? 0) * 1_000_000_000n + BigInt(attributes?.mtimeNanos ?? 0)
}

function isNewer (a: Entry, b: Entry): boolean {
  return timeOf(a) > timeOf(b)
}
