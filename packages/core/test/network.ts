import { Peer, PIECE_BYTES, Prng, type CommandInfo, type Effect, type Input, type JobInfo } from '../src/index.ts'
import { JobRecord } from './journal.ts'

/** One process, and what it leaves behind when it is killed. */
interface Host {
  peer: Peer
  readonly journal: Map<string, JobRecord>
  /** Durable, each once, as the outbox keeps them. */
  readonly receipts: string[]
  alive: boolean
  /** Counts restarts: a timer of an earlier life is not this one's. */
  life: number
}

type HandOver = Extract<Effect, { type: 'handOver' }>
type Event = { atMs: number, run: () => void }

/** Milliseconds one piece takes on one uplink, and one message takes to anybody. */
const PIECE_MS = 5
const LATENCY_MS = 2
const TICK_MS = 20

/**
 * The smallest interpreter of a peer's effects: uplinks that send a piece at a
 * time, messages that take a while, everything verified and durable at once.
 * Links, processes, uplinks and bytes can be made to fail.
 */
export class Network {
  readonly hosts = new Map<string, Host>()
  nowMs = 0
  /** Pieces sent, by `from>to`. */
  readonly sent = new Map<string, number>()
  /** Pieces that reached somebody who had them. */
  duplicates = 0
  messages = 0
  readonly handOvers: string[] = []
  readonly bans: string[] = []
  /** Every effect, by whom and when, if it is to be kept. */
  trace: string[] | undefined
  /** Lets a test lose or alter what happens. */
  drop: (from: string, to: string, effect: Effect) => boolean = () => false
  corrupt: (from: string, to: string, piece: number) => boolean = () => false
  /** What becomes of a command's effect; undefined: it takes for ever. */
  execute: (name: string, seq: number) => 'completed' | 'failed' | undefined = () => 'completed'
  /** What the base wants of a provider. */
  onFetch: (name: string, effect: Extract<Effect, { type: 'fetch' }>) => void = () => {}
  onReceipt: (name: string, receipt: string) => void = () => {}
  /** Milliseconds per piece on uplinks that are not like the rest. */
  readonly pieceMs = new Map<string, number>()
  readonly #events: Event[] = []
  readonly #uplinkFreeMs = new Map<string, number>()
  /** A link and its number: what was under way on a link that broke is lost, even if the same two meet again. */
  readonly #links = new Map<string, number>()
  readonly #cuts = new Set<string>()
  #linkNumber = 0

  add (name: string): Peer {
    const peer = new Peer({ self: name, prng: Prng.fromText(name) })
    this.hosts.set(name, { peer, journal: new Map(), receipts: [], alive: true, life: 0 })
    this.#ticks(name)
    return peer
  }

  host (name: string): Host {
    const host = this.hosts.get(name)
    if (host == null) throw new Error(`no host ${name}`)
    return host
  }

  record (name: string, job: string): JobRecord {
    const record = this.host(name).journal.get(job)
    if (record == null) throw new Error(`${name} does not have ${job}`)
    return record
  }

  input (name: string, input: Input): void {
    const host = this.host(name)
    if (!host.alive) return
    for (const effect of host.peer.handle(input, this.nowMs)) {
      this.trace?.push(`${this.nowMs} ${name} ${JSON.stringify(effect)}`)
      this.#perform(name, effect)
    }
  }

  /** Open a job at the base and tell its peer of it. */
  openJob (base: string, job: JobInfo): void {
    const ranges = [{ first: 0, end: job.servers.length }]
    this.host(base).journal.set(job.id, new JobRecord(job, ranges))
    this.input(base, { type: 'jobAdded', job, ranges, restored: false })
  }

  addCommand (name: string, job: string, command: CommandInfo): void {
    this.record(name, job).commands.push(command)
    this.input(name, { type: 'commandAdded', job, command })
  }

  /** Pieces `first` … `end - 1` of a put come in from the provider. */
  storePieces (base: string, job: string, seq: number, first: number, end: number): void {
    for (let piece = first; piece < end; piece++) {
      this.record(base, job).store(seq, piece)
      this.input(base, { type: 'pieceStored', job, seq, piece, bytes: PIECE_BYTES, from: undefined })
    }
  }

  /** The whole of a put is at the base. */
  store (base: string, job: string, seq: number, pieces: number): void {
    this.storePieces(base, job, seq, 0, pieces)
    this.close(base, job, seq, pieces)
  }

  /** The final page: it goes to whoever has the command, and he passes it on. */
  close (name: string, job: string, seq: number, pieces: number): void {
    const record = this.host(name).journal.get(job)
    if (record == null || record.commands.length < seq || record.closed.has(seq)) return
    record.closed.set(seq, pieces)
    this.input(name, { type: 'mediaClosed', job, seq, pieces })
    for (const other of this.hosts.keys()) if (this.linked(name, other)) this.#later(name, other, LATENCY_MS, () => this.close(other, job, seq, pieces))
  }

  kill (name: string): void {
    this.host(name).alive = false
    for (const other of this.hosts.keys()) this.disconnect(name, other)
  }

  /** A new process on what the old one left. */
  restart (name: string): void {
    const host = this.host(name)
    if (host.alive) this.kill(name)
    host.life++
    host.alive = true
    host.peer = new Peer({ self: name, prng: Prng.fromText(`${name}/${host.life}`) })
    for (const record of host.journal.values()) for (const input of record.restored()) this.input(name, input)
    this.#ticks(name)
  }

  linked (a: string, b: string): boolean {
    return this.#links.has(pair(a, b))
  }

  connect (a: string, b: string): void {
    const link = pair(a, b)
    if (a === b || this.#links.has(link) || this.#cuts.has(link) || !this.host(a).alive || !this.host(b).alive) return
    this.#links.set(link, ++this.#linkNumber)
    this.input(a, { type: 'connected', peer: b })
    this.input(b, { type: 'connected', peer: a })
    this.#exchangeClosings(a, b)
    this.#exchangeClosings(b, a)
  }

  disconnect (a: string, b: string): void {
    if (!this.#links.delete(pair(a, b))) return
    this.input(a, { type: 'disconnected', peer: b })
    this.input(b, { type: 'disconnected', peer: a })
  }

  /** They cannot reach each other until it heals. */
  cut (a: string, b: string): void {
    this.#cuts.add(pair(a, b))
    this.disconnect(a, b)
  }

  heal (a: string, b: string): void {
    this.#cuts.delete(pair(a, b))
  }

  /** As a node's link to its base does: try again for ever. */
  keepConnected (a: string, b: string, everyMs: number): void {
    this.connect(a, b)
    this.at(this.nowMs + everyMs, () => this.keepConnected(a, b, everyMs))
  }

  at (atMs: number, run: () => void): void {
    let index = this.#events.length
    while (index > 0 && (this.#events[index - 1] as Event).atMs > atMs) index--
    this.#events.splice(index, 0, { atMs, run })
  }

  run (untilMs: number, done: () => boolean = () => false): void {
    while (!done()) {
      if (this.#events[0] == null || this.#events[0].atMs > untilMs) return
      const event = this.#events.shift() as Event
      this.nowMs = event.atMs
      event.run()
    }
  }

  #ticks (name: string): void {
    const { life } = this.host(name)
    this.at(this.nowMs + TICK_MS, () => {
      const host = this.host(name)
      if (!host.alive || host.life !== life) return
      this.input(name, { type: 'tick' })
      this.#ticks(name)
    })
  }

  /** Something on the link between two, if that link lives so long. */
  #later (from: string, to: string, delayMs: number, run: () => void): void {
    const link = this.#links.get(pair(from, to))
    this.at(this.nowMs + delayMs, () => {
      if (link != null && this.#links.get(pair(from, to)) === link) run()
    })
  }

  #exchangeClosings (from: string, to: string): void {
    for (const [job, { closed }] of this.host(from).journal) {
      for (const [seq, pieces] of closed) this.#later(from, to, LATENCY_MS, () => this.close(to, job, seq, pieces))
    }
  }

  #perform (name: string, effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.at(this.nowMs + LATENCY_MS, () => {
          this.connect(name, effect.peer)
          if (!this.linked(name, effect.peer)) this.input(name, { type: 'unreachable', peer: effect.peer })
        })
        break
      case 'send':
        this.messages++
        if (this.drop(name, effect.to, effect)) break
        this.#later(name, effect.to, LATENCY_MS, () => this.input(effect.to, { type: 'message', from: name, message: effect.message }))
        break
      case 'handOver':
        if (effect.withJob) this.handOvers.push(`${name}>${effect.to}`)
        if (this.drop(name, effect.to, effect)) break
        this.#handOver(name, effect)
        break
      case 'sendPiece':
        this.#sendPiece(name, effect)
        break
      case 'fetch':
        this.onFetch(name, effect)
        break
      case 'execute': {
        const state = this.execute(name, effect.seq)
        if (state == null) break
        const outcome = state === 'failed' ? { state, reason: 'the disk is full' } : { state }
        this.input(name, { type: 'executed', job: effect.job, seq: effect.seq, outcome })
        break
      }
      case 'receipt': {
        const { job, kind, seq, details } = effect
        const { outcomes } = this.record(name, job)
        if (kind === 'command-failed') outcomes.set(seq, { state: 'failed', reason: details.reason ?? '' })
        if (kind === 'command-completed') outcomes.set(seq, { state: 'completed' })
        if (kind === 'command-superseded') outcomes.set(seq, { state: 'superseded' })
        const receipt = `${kind}:${seq}`
        const { receipts } = this.host(name)
        if (!receipts.includes(receipt)) receipts.push(receipt)
        this.onReceipt(name, receipt)
        break
      }
      case 'ban':
        this.bans.push(`${name}: ${effect.peer}: ${effect.reason}`)
        this.cut(name, effect.peer)
        break
      case 'fetchPages': {
        const pieces = this.host(effect.to).journal.get(effect.job)?.closed.get(effect.seq)
        if (pieces != null) this.#later(effect.to, name, 2 * LATENCY_MS, () => this.close(name, effect.job, effect.seq, pieces))
        break
      }
      case 'provide':
      case 'findSources':
        break
    }
  }

  #handOver (name: string, { to, job: id, errand, withJob, afterSeq, ranges }: HandOver): void {
    const { job, commands, closed } = this.record(name, id)
    const sent = commands.slice(afterSeq)
    this.#later(name, to, LATENCY_MS, () => {
      const { journal } = this.host(to)
      if (!journal.has(id)) {
        if (!withJob) return
        journal.set(id, new JobRecord(job, ranges))
        this.input(to, { type: 'jobAdded', job, ranges: [], restored: false })
      }
      for (const command of sent) if (command.seq === this.record(to, id).commands.length + 1) this.addCommand(to, id, command)
      for (const [seq, pieces] of closed) this.close(to, id, seq, pieces)
      if (errand > 0) this.input(to, { type: 'handedOver', job: id, from: name, errand, ranges })
    })
  }

  #sendPiece (name: string, { to, job, seq, piece, first }: Extract<Effect, { type: 'sendPiece' }>): void {
    const freeMs = Math.max(this.nowMs, this.#uplinkFreeMs.get(name) ?? 0) + (this.pieceMs.get(name) ?? PIECE_MS)
    this.#uplinkFreeMs.set(name, freeMs)
    const key = `${name}>${to}`
    this.sent.set(key, (this.sent.get(key) ?? 0) + 1)
    this.#later(name, to, freeMs - this.nowMs + LATENCY_MS, () => {
      if (this.corrupt(name, to, piece)) {
        this.input(to, { type: 'pieceRejected', job, seq, piece, from: name, reason: 'does not match its hash' })
        return
      }
      if (this.host(to).journal.get(job)?.store(seq, piece) === false) this.duplicates++
      this.input(to, { type: 'pieceStored', job, seq, piece, bytes: PIECE_BYTES, from: name, first })
    })
  }
}

function pair (a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`
}
