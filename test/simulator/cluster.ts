import { type CommandInfo, type Effect, type Input, type JobInfo, Peer, Prng } from '@sluice/core'
import { EventQueue } from './event-queue.ts'
import { Link } from './link.ts'

export interface HostOptions {
  /** Bytes per second. */
  readonly up: number
  readonly down: number
}

export interface ClusterOptions {
  readonly seed: number
  /** The base first, then the servers in rank order. */
  readonly hosts: readonly HostOptions[]
  readonly rttMs: number
  /** Share by which service times vary. */
  readonly jitter: number
  readonly pieces: number
  readonly chunkPieces: number
}

interface Host {
  readonly name: string
  readonly peer: Peer
  readonly up: Link
  readonly down: Link
  readonly jobs: Map<string, JobInfo>
  readonly commands: CommandInfo[]
  finishedUs: number | undefined
  messages: number
  controlBytes: number
}

const PIECE_BYTES = 64 * 1024
/** Wire bytes per byte of media: Ethernet, IP and TCP headers take 4.4 % (1448 of 1514). Rates here are goodput, so only our own framing counts. */
const FRAME_BYTES = 40
/** A control message waits behind what the kernel holds of the bulk, and no more: streams are paced. */
const CONTROL_BACKLOG_US = 20_000
/** The driver's own ticks and batches. */
const TICK_US = 20_000
const ACKNOWLEDGE_US = 5_000

/**
 * The other interpreter of the core's effects: the very same `Peer`, over
 * links with rates, queues and propagation delay. Verification and disks take
 * no time here; signatures always hold.
 */
export class Cluster {
  readonly events = new EventQueue()
  readonly hosts = new Map<string, Host>()
  readonly #options: ClusterOptions
  readonly #prng: Prng
  readonly #connected = new Set<string>()
  readonly #acknowledge = new Map<string, number>()
  #hash = 0x811c9dc5
  piecesSent = 0
  duplicates = 0
  basePieces = 0
  unfinished: number

  constructor (options: ClusterOptions) {
    this.#options = options
    this.#prng = new Prng(options.seed)
    options.hosts.forEach(({ up, down }, index) => {
      const name = index === 0 ? 'base' : `n${index - 1}`
      const peer = new Peer({ self: name, prng: new Prng(options.seed * 7919 + index) })
      const link = (rate: number): Link => new Link(rate, this.#prng, options.jitter)
      this.hosts.set(name, { name, peer, up: link(up), down: link(down), jobs: new Map(), commands: [], finishedUs: undefined, messages: 0, controlBytes: 0 })
    })
    this.unfinished = options.hosts.length - 1
  }

  /** A digest of everything that happened so far: the same for the same seed. */
  get traceHash (): number {
    return this.#hash >>> 0
  }

  /** Publish one put to everybody, the base holding all of it, and run to the end. @returns the time it took, in seconds */
  run (limitS: number): number {
    const names = [...this.hosts.keys()].slice(1)
    const job: JobInfo = { id: 'job', base: 'base', servers: names, rates: this.#options.hosts.slice(1).map(({ up }) => up), priority: 0 }
    for (const name of names) this.#connect(name, 'base')
    for (const host of this.hosts.values()) this.#tick(host)
    const base = this.#host('base')
    base.jobs.set(job.id, job)
    this.input(base, { type: 'jobAdded', job, ranges: [{ first: 0, end: names.length }], restored: false })
    this.#addCommand(base, { seq: 1, track: 0, continueAfterFailure: false, body: { kind: 'put', pieces: this.#options.pieces, chunkPieces: this.#options.chunkPieces } })
    for (let piece = 0; piece < this.#options.pieces; piece++) this.input(base, { type: 'pieceStored', job: job.id, seq: 1, piece, bytes: PIECE_BYTES, from: undefined })
    this.input(base, { type: 'mediaClosed', job: job.id, seq: 1, pieces: this.#options.pieces })
    while (this.unfinished > 0 && this.events.nowUs < limitS * 1e6 && this.events.size > 0) this.events.step()
    return this.events.nowUs / 1e6
  }

  input (host: Host, input: Input): void {
    this.#trace(host.name, input)
    for (const effect of host.peer.handle(input, this.events.nowUs / 1000)) this.#perform(host, effect)
  }

  #host (name: string): Host {
    return this.hosts.get(name) as Host
  }

  #trace (name: string, input: Input): void {
    const text = `${this.events.nowUs}/${name}/${input.type}/${'piece' in input ? input.piece : ''}`
    for (let i = 0; i < text.length; i++) this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193)
  }

  #tick (host: Host): void {
    // Hosts do not tick in step.
    const first = this.#prng.below(TICK_US)
    const again = (): void => {
      this.input(host, { type: 'tick' })
      this.events.at(this.events.nowUs + TICK_US, again)
    }
    this.events.at(first, again)
  }

  #connect (a: string, b: string): void {
    const key = [a, b].sort().join('|')
    if (this.#connected.has(key)) return
    this.#connected.add(key)
    this.input(this.#host(a), { type: 'connected', peer: b })
    this.input(this.#host(b), { type: 'connected', peer: a })
  }

  #addCommand (host: Host, command: CommandInfo): void {
    host.commands.push(command)
    this.input(host, { type: 'commandAdded', job: 'job', command })
  }

  /** A control message: it shares the uplink, but waits only behind what the kernel holds. */
  #control (from: Host, to: string, bytes: number, run: (host: Host) => void): void {
    from.messages++
    from.controlBytes += bytes
    const { nowUs } = this.events
    const waitUs = Math.min(CONTROL_BACKLOG_US, from.up.backlogUs(nowUs))
    this.events.at(nowUs + waitUs + this.#options.rttMs * 500, () => run(this.#host(to)))
  }

  #perform (host: Host, effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.events.at(this.events.nowUs + this.#options.rttMs * 2_000, () => this.#connect(host.name, effect.peer))
        break
      case 'send':
        if (effect.message.type === 'acknowledge') return this.#batchAcknowledge(host, effect.to, effect.message.pieces)
        this.#control(host, effect.to, sizeOf(effect.message), to => this.input(to, { type: 'message', from: host.name, message: effect.message }))
        break
      case 'handOver': {
        const job = host.jobs.get(effect.job) as JobInfo
        const commands = host.commands.slice(effect.afterSeq)
        this.#control(host, effect.to, (effect.withJob ? 64 * job.servers.length : 0) + 300 * commands.length + 20, to => this.#handedOver(host.name, to, job, commands, effect))
        break
      }
      case 'sendPiece': return this.#sendPiece(host, effect)
      case 'execute':
        this.input(host, { type: 'executed', job: effect.job, seq: effect.seq, outcome: { state: 'completed' } })
        break
      case 'receipt':
        if (effect.kind === 'command-completed') {
          host.finishedUs = this.events.nowUs
          this.unfinished--
        }
        break
      case 'ban': throw new Error(`${host.name} bans ${effect.peer}: ${effect.reason}`)
      case 'provide':
      case 'findSources':
        break
    }
  }

  #batchAcknowledge (host: Host, to: string, pieces: number): void {
    const key = `${host.name}>${to}`
    const waiting = this.#acknowledge.get(key) ?? 0
    this.#acknowledge.set(key, waiting + pieces)
    if (waiting > 0) return
    this.events.at(this.events.nowUs + ACKNOWLEDGE_US, () => {
      const count = this.#acknowledge.get(key) ?? 0
      this.#acknowledge.delete(key)
      this.#control(host, to, 8, receiver => this.input(receiver, { type: 'message', from: host.name, message: { type: 'acknowledge', pieces: count } }))
    })
  }

  #handedOver (from: string, host: Host, job: JobInfo, commands: readonly CommandInfo[], effect: Extract<Effect, { type: 'handOver' }>): void {
    if (!host.jobs.has(job.id)) {
      host.jobs.set(job.id, job)
      this.input(host, { type: 'jobAdded', job, ranges: [], restored: false })
    }
    for (const command of commands) if (command.seq === host.commands.length + 1) this.#addCommand(host, command)
    if (effect.errand > 0) this.input(host, { type: 'handedOver', job: job.id, from, errand: effect.errand, ranges: effect.ranges })
  }

  #sendPiece (host: Host, { to, job, seq, piece }: Extract<Effect, { type: 'sendPiece' }>): void {
    this.piecesSent++
    if (host.name === 'base') this.basePieces++
    const bytes = PIECE_BYTES + FRAME_BYTES
    const leftUs = host.up.pass(bytes, this.events.nowUs)
    const receiver = this.#host(to)
    this.events.at(leftUs + this.#options.rttMs * 500, () => {
      const arrivedUs = receiver.down.pass(bytes, this.events.nowUs)
      this.events.at(arrivedUs, () => {
        if (receiver.peer.pieces(job, seq)?.has(piece) === true) this.duplicates++
        this.input(receiver, { type: 'pieceStored', job, seq, piece, bytes: PIECE_BYTES, from: host.name })
        // The final page travels with the pieces.
        if (receiver.peer.status(job)?.commands[0]?.state.state === 'new') this.input(receiver, { type: 'mediaClosed', job, seq, pieces: this.#options.pieces })
      })
    })
  }
}

/** Bytes of a message as framed: about what protobuf and noise make of it. */
function sizeOf (message: { readonly type: string, readonly chunks?: readonly number[], readonly bits?: Uint8Array }): number {
  return 12 + (message.chunks?.length ?? 0) * 3 + (message.bits?.length ?? 0)
}
