import { Peer, Prng, type CommandInfo, type Effect, type Input, type JobInfo } from '../src/index.ts'

/** What one peer holds durably, as a node's journal would. */
interface Host {
  peer: Peer
  jobs: Map<string, JobInfo>
  commands: Map<string, CommandInfo[]>
  receipts: string[]
  alive: boolean
}

type Event = { atMs: number, order: number, run: () => void }

/** Milliseconds one piece takes on one uplink, and one message takes to anybody. */
const PIECE_MS = 5
const LATENCY_MS = 2
const TICK_MS = 20

/**
 * The smallest interpreter of a peer's effects: uplinks that send a piece at a
 * time, messages that take a while, everything verified and durable at once.
 */
export class Network {
  readonly hosts = new Map<string, Host>()
  nowMs = 0
  /** Pieces sent, by `from>to`. */
  readonly sent = new Map<string, number>()
  readonly handOvers: string[] = []
  readonly bans: string[] = []
  /** Lets a test lose or alter what happens. */
  drop: (from: string, to: string) => boolean = () => false
  readonly #events: Event[] = []
  readonly #uplinkFreeMs = new Map<string, number>()
  readonly #links = new Set<string>()
  #order = 0

  add (name: string): Peer {
    const peer = new Peer({ self: name, prng: Prng.fromText(name) })
    this.hosts.set(name, { peer, jobs: new Map(), commands: new Map(), receipts: [], alive: true })
    this.#every(name)
    return peer
  }

  input (name: string, input: Input): void {
    const host = this.#host(name)
    if (!host.alive) return
    for (const effect of host.peer.handle(input, this.nowMs)) this.#perform(name, effect)
  }

  /** Open a job at the base and tell its peer of it. */
  openJob (base: string, job: JobInfo): void {
    this.#host(base).jobs.set(job.id, job)
    this.input(base, { type: 'jobAdded', job, ranges: [{ first: 0, end: job.servers.length }], restored: false })
  }

  addCommand (name: string, job: string, command: CommandInfo): void {
    const list = this.#host(name).commands
    list.set(job, [...list.get(job) ?? [], command])
    this.input(name, { type: 'commandAdded', job, command })
  }

  /** The whole of a put is at the base. */
  store (base: string, job: string, seq: number, pieces: number): void {
    for (let piece = 0; piece < pieces; piece++) this.input(base, { type: 'pieceStored', job, seq, piece, bytes: 65536, from: undefined })
    this.input(base, { type: 'mediaClosed', job, seq, pieces })
  }

  kill (name: string): void {
    this.#host(name).alive = false
    for (const link of [...this.#links]) {
      const [a, b] = link.split('|') as [string, string]
      if (a !== name && b !== name) continue
      this.#links.delete(link)
      this.input(a === name ? b : a, { type: 'disconnected', peer: name })
    }
  }

  connect (a: string, b: string): void {
    const link = [a, b].sort().join('|')
    if (this.#links.has(link)) return
    this.#links.add(link)
    this.input(a, { type: 'connected', peer: b })
    this.input(b, { type: 'connected', peer: a })
  }

  /** Run until nothing but ticks happens any more, or time is up. */
  run (untilMs: number, done: () => boolean = () => false): void {
    while (this.nowMs < untilMs && !done()) {
      const event = this.#events.shift()
      if (event == null) return
      this.nowMs = event.atMs
      event.run()
    }
  }

  #host (name: string): Host {
    const host = this.hosts.get(name)
    if (host == null) throw new Error(`no host ${name}`)
    return host
  }

  #at (atMs: number, run: () => void): void {
    const event = { atMs, order: this.#order++, run }
    let index = this.#events.length
    while (index > 0 && (this.#events[index - 1] as Event).atMs > atMs) index--
    this.#events.splice(index, 0, event)
  }

  #every (name: string): void {
    this.#at(this.nowMs + TICK_MS, () => {
      if (!this.#host(name).alive) return
      this.input(name, { type: 'tick' })
      this.#every(name)
    })
  }

  #deliver (from: string, to: string, delayMs: number, run: () => void): void {
    this.#at(this.nowMs + delayMs, () => {
      if (this.#host(to).alive && this.#links.has([from, to].sort().join('|')) && !this.drop(from, to)) run()
    })
  }

  #perform (name: string, effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.#at(this.nowMs + LATENCY_MS, () => {
          if (this.hosts.get(effect.peer)?.alive === true) this.connect(name, effect.peer)
          else this.input(name, { type: 'unreachable', peer: effect.peer })
        })
        break
      case 'send':
        this.#deliver(name, effect.to, LATENCY_MS, () => this.input(effect.to, { type: 'message', from: name, message: effect.message }))
        break
      case 'handOver': {
        if (effect.withJob) this.handOvers.push(`${name}>${effect.to}`)
        const job = this.#host(name).jobs.get(effect.job) as JobInfo
        const commands = (this.#host(name).commands.get(effect.job) ?? []).slice(effect.afterSeq)
        this.#deliver(name, effect.to, LATENCY_MS, () => {
          const host = this.#host(effect.to)
          if (!host.jobs.has(job.id)) {
            host.jobs.set(job.id, job)
            this.input(effect.to, { type: 'jobAdded', job, ranges: [], restored: false })
          }
          for (const command of commands) {
            if (command.seq === (host.commands.get(job.id)?.length ?? 0) + 1) this.addCommand(effect.to, job.id, command)
          }
          if (effect.errand > 0) this.input(effect.to, { type: 'handedOver', job: job.id, from: name, errand: effect.errand, ranges: effect.ranges })
        })
        break
      }
      case 'sendPiece': {
        const freeMs = Math.max(this.nowMs, this.#uplinkFreeMs.get(name) ?? 0) + PIECE_MS
        this.#uplinkFreeMs.set(name, freeMs)
        const key = `${name}>${effect.to}`
        this.sent.set(key, (this.sent.get(key) ?? 0) + 1)
        this.#deliver(name, effect.to, freeMs - this.nowMs + LATENCY_MS, () => {
          const { job, seq, piece } = effect
          this.input(effect.to, { type: 'pieceStored', job, seq, piece, bytes: 65536, from: name })
          const command = this.#host(effect.to).commands.get(job)?.[seq - 1]
          // Stands for the final page, which travels with the pieces.
          if (command?.body.kind === 'put' && command.body.pieces != null) this.input(effect.to, { type: 'mediaClosed', job, seq, pieces: command.body.pieces })
        })
        break
      }
      case 'execute':
        this.input(name, { type: 'executed', job: effect.job, seq: effect.seq, outcome: { state: 'completed' } })
        break
      case 'receipt':
        this.#host(name).receipts.push(`${effect.kind}:${effect.seq}`)
        break
      case 'ban':
        this.bans.push(`${name}: ${effect.peer}: ${effect.reason}`)
        break
      case 'provide':
      case 'findSources':
        break
    }
  }
}
