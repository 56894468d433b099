import type { JobClosed, JobEvent } from '@sluice/sdk'

/** How a node stands, as far as events have told. */
export interface NodeProgress {
  readonly peer: string
  state: 'waiting' | 'receiving' | 'complete' | 'failed'
  bytes: number
  /** Bytes per second, smoothed; 0 once it is done. */
  rate: number
  /** Who gave most of it lately. */
  source?: string
  reason?: string
}

// Half of what a rate says is from the last two seconds: steady to the eye, and quick to show a stall.
const RATE_HALF_LIFE_MS = 2_000

/** What the events of one job add up to: the model behind every display. It knows no terminal and no clock. */
export class JobProgress {
  job = ''
  closed: JobClosed | undefined
  readonly nodes = new Map<string, NodeProgress>()
  readonly upload = { bytes: 0, total: 0, rate: 0 }
  readonly #uploads = new Map<number, { bytes: number, total: number }>()
  readonly #totals = new Map<number, number>()
  readonly #held = new Map<string, Map<number, number>>()
  readonly #meters = new Map<string, Meter>()

  /** Bytes that each node is to have: of the commands that are known so far. */
  get total (): number {
    return sum(this.#totals.values())
  }

  handle (event: JobEvent, nowMs: number): void {
    switch (event.type) {
      case 'job.opened': {
        this.job = event.job
        for (const peer of event.servers) this.#node(peer)
        return
      }
      case 'upload': return this.#uploaded(event.seq, event.bytes, event.total, nowMs)
      case 'progress': return this.#received(event, nowMs)
      case 'receipt': return this.#receipt(event, nowMs)
      case 'job.closed': return this.#close(event)
    }
  }

  #uploaded (seq: number, bytes: number, total: number, nowMs: number): void {
    this.#uploads.set(seq, { bytes, total })
    this.#totals.set(seq, total)
    this.upload.bytes = sum([...this.#uploads.values()].map(part => part.bytes))
    this.upload.total = sum([...this.#uploads.values()].map(part => part.total))
    this.upload.rate = this.upload.bytes >= this.upload.total ? 0 : this.#meter('').add(this.upload.bytes, nowMs)
  }

  #received ({ peer, seq, bytes, total, source }: Extract<JobEvent, { type: 'progress' }>, nowMs: number): void {
    const node = this.#node(peer)
    if (total > 0) this.#totals.set(seq, total)
    this.#hold(node, seq, bytes)
    if (source != null && source !== '') node.source = source
    if (node.state === 'waiting') node.state = 'receiving'
    node.rate = this.#done(node) ? 0 : this.#meter(peer).add(node.bytes, nowMs)
  }

  #receipt ({ peer, kind, seq, bytes, reason }: Extract<JobEvent, { type: 'receipt' }>, nowMs: number): void {
    const node = this.#node(peer)
    if (kind === 'command-completed') {
      this.#hold(node, seq, bytes)
      this.#meter(peer).add(node.bytes, nowMs)
      if (node.state === 'waiting') node.state = 'receiving'
    } else if (kind === 'job-completed') {
      if (node.state !== 'failed') node.state = 'complete'
      node.rate = 0
    } else if (kind === 'command-failed' || kind === 'job-refused') {
      Object.assign(node, { state: 'failed', reason, rate: 0 })
    }
  }

  #close (event: JobClosed): void {
    this.closed = event
    for (const { peer, state, reason } of event.servers) {
      Object.assign(this.#node(peer), { state: state === 'complete' ? 'complete' : 'failed', reason: reason ?? (state === 'complete' ? undefined : state), rate: 0 })
    }
  }

  /** Late news of an earlier moment must not turn a bar back. */
  #hold (node: NodeProgress, seq: number, bytes: number): void {
    const held = this.#held.get(node.peer) ?? new Map<number, number>()
    this.#held.set(node.peer, held.set(seq, Math.max(bytes, held.get(seq) ?? 0)))
    node.bytes = sum(held.values())
  }

  #done (node: NodeProgress): boolean {
    return node.state === 'complete' || node.state === 'failed'
  }

  #node (peer: string): NodeProgress {
    let node = this.nodes.get(peer)
    if (node == null) this.nodes.set(peer, node = { peer, state: 'waiting', bytes: 0, rate: 0 })
    return node
  }

  #meter (name: string): Meter {
    let meter = this.#meters.get(name)
    if (meter == null) this.#meters.set(name, meter = new Meter())
    return meter
  }
}

/** A rate that forgets exponentially. */
class Meter {
  #bytes = 0
  #atMs: number | undefined
  #rate = 0

  add (bytes: number, nowMs: number): number {
    if (this.#atMs == null) {
      [this.#bytes, this.#atMs] = [bytes, nowMs]
      return 0
    }
    const elapsedMs = nowMs - this.#atMs
    if (elapsedMs <= 0) return this.#rate
    const latest = Math.max(0, bytes - this.#bytes) / elapsedMs * 1_000
    const weight = 1 - 2 ** (-elapsedMs / RATE_HALF_LIFE_MS)
    this.#rate = this.#rate === 0 ? latest : this.#rate + weight * (latest - this.#rate)
    ;[this.#bytes, this.#atMs] = [bytes, nowMs]
    return this.#rate
  }
}

function sum (values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
