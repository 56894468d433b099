import { type Effect, type Input, Bitfield, type Message } from '@sluice/core'
import { Happening } from '../event-queue.ts'
import type { Host } from '../host.ts'
import type { Observer, PieceFate, World } from '../world.ts'

type Ask = Extract<Message, { type: 'request' }>

/** What a receiver knows of one of its sources in one job. */
interface Source {
  /** Whether a lane from it is open: who has only said what he holds cannot be asked yet. */
  open: boolean
  /** A piece came, or the lane began. */
  progressUs: number
  /** The longest it ever took from one piece to the next. */
  pauseUs: number
  /** Something was last called off. */
  calledOffUs: number
  /** Chunks asked of it and not here. */
  asked: number
  /** Chunks that it said it holds whole, by command. */
  readonly holds: Map<number, Bitfield>
}

/** What a receiver asked for: `job/seq/chunk` → of whom. */
interface Asked {
  readonly of: string
  readonly job: string
  readonly atUs: number
}

/** A source that called nothing off for this long is in good standing: longer than any quarantine. */
const GOOD_STANDING_US = 6_000_000
/** A lane may be silent this long before its first piece, and this many of its pauses after it; a core that watches it gives up before. */
const SILENCE_US = 6_000_000
const SILENCE_PAUSES = 4
const EVERY_US = 500_000

/**
 * Whoever asks for a chunk goes on at the first piece he lacks, has called it
 * off wherever he asked for it before, waits for nobody who waits for him, nor
 * for a source that fell silent; and asks the base last.
 */
export class RequestsCheck extends Happening implements Observer {
  readonly #world: World
  /** By receiver: its sources, by `job peer`, and what is asked of them. */
  readonly #sources = new Map<Host, Map<string, Source>>()
  readonly #asked = new Map<Host, Map<string, Asked>>()

  constructor (world: World) {
    super()
    this.#world = world
    world.events.schedule(EVERY_US, this)
  }

  restarted (host: Host): void {
    this.#sources.delete(host)
    this.#asked.delete(host)
  }

  input (host: Host, input: Input): void {
    if (input.type === 'disconnected' || input.type === 'unreachable') this.#lost(host, input.peer)
    else if (input.type === 'jobClosed') this.#dropJob(host, input.job)
    else if (input.type === 'message') this.#told(host, input.from, input.message)
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'send') return
    const { to, message } = effect
    if (message.type === 'laneAnswer') this.#source(host, message.job, to).open = message.decision === 'accept'
    else if (message.type === 'request') this.#ask(host, to, message)
    else if (message.type === 'cancel') {
      this.#source(host, message.job, to).calledOffUs = this.#world.nowUs
      if (this.#asked.get(host)?.get(keyOf(message))?.of === to) this.#settle(host, keyOf(message))
    }
  }

  arrived (from: Host, to: Host, job: string, seq: number, piece: number, fate: PieceFate): void {
    if (fate !== 'stored' && fate !== 'duplicate') return
    const source = this.#source(to, job, from.name)
    source.pauseUs = Math.max(source.pauseUs, this.#world.nowUs - source.progressUs)
    source.progressUs = this.#world.nowUs
    const media = to.jobs.get(job)?.media.get(seq)
    // It is looked at before it is stored.
    if (media != null && this.#missing(to, job, seq, media.chunkOf(piece), piece) == null) this.#settle(to, `${job}/${seq}/${media.chunkOf(piece)}`)
  }

  override run (): void {
    for (const [host, asked] of this.#asked) {
      for (const [key, { of, job, atUs }] of asked) {
        if (this.#isWhole(host, key)) {
          this.#settle(host, key)
          continue
        }
        const source = this.#source(host, job, of)
        const silentUs = this.#world.nowUs - Math.max(atUs, source.progressUs)
        if (host.alive && silentUs > SILENCE_US + SILENCE_PAUSES * source.pauseUs) throw this.#world.error(`${host.name} has waited for chunk ${key} of ${of} for ${(silentUs / 1e6).toFixed(1)} s, which brings nothing at all and never paused for more than ${(source.pauseUs / 1e6).toFixed(1)} s`)
      }
    }
    this.#world.events.schedule(this.#world.nowUs + EVERY_US, this)
  }

  #ask (host: Host, to: string, message: Ask): void {
    const { job, seq, chunk, offset } = message
    const key = keyOf(message)
    const fail = (what: string): Error => this.#world.error(`${host.name} asks ${to} for chunk ${chunk} of command ${seq} of ${job} from its piece ${offset}, ${what}`)
    const media = host.jobs.get(job)?.media.get(seq)
    const first = chunk * (media?.chunkPieces ?? 1)
    const missing = media?.pieces.firstClear(first) ?? first
    if (missing !== first + offset) throw fail(`and the first it lacks is piece ${missing - first}`)
    const before = this.#asked.get(host)?.get(key)
    if (before != null) throw fail(`and has not called off what it asked of ${before.of}`)
    if (to === this.#world.base.name) this.#notInVain(host, message, fail)
    let asked = this.#asked.get(host)
    if (asked == null) this.#asked.set(host, asked = new Map())
    asked.set(key, { of: to, job, atUs: this.#world.nowUs })
    this.#source(host, job, to).asked++
    const circle = this.#circle(host, key, first + offset)
    if (circle != null) throw fail(`and ${circle.join(' waits for ')}`)
  }

  /** The base is there to give everything once: it is asked for what no other source in good standing could bring at once. */
  #notInVain (host: Host, { job, seq, chunk }: Ask, fail: (what: string) => Error): void {
    for (const [key, source] of this.#sources.get(host) ?? []) {
      const [of, peer = ''] = key.split(' ')
      if (of !== job || peer === this.#world.base.name || !source.open || source.asked > 0 || source.holds.get(seq)?.has(chunk) !== true) continue
      if (this.#world.nowUs - source.calledOffUs > GOOD_STANDING_US) throw fail(`although ${peer} holds it and was asked for nothing`)
    }
  }

  /** Whoever waits for a piece of somebody who himself waits for it of … him. */
  #circle (host: Host, key: string, piece: number): string[] | undefined {
    const names = [host.name]
    for (let at = host; ;) {
      const next = this.#asked.get(at)?.get(key)
      if (next == null) return undefined
      at = this.#world.host(next.of)
      names.push(at.name)
      const [job = '', seq] = key.split('/')
      if (names.length > this.#world.hosts.length + 1 || at.jobs.get(job)?.media.get(Number(seq))?.pieces.has(piece) === true) return undefined
      if (at === host) return names
    }
  }

  #told (host: Host, from: string, message: Message): void {
    // Who has not got the job any more brings nothing of it: there is nobody to call it off with.
    if (message.type === 'laneAnswer' && message.decision === 'decline-unknown-job') this.#lost(host, from, message.job)
    if (message.type !== 'have' && message.type !== 'bitfield') return
    const { holds } = this.#source(host, message.job, from)
    let held = holds.get(message.seq)
    if (held == null) holds.set(message.seq, held = new Bitfield())
    for (const chunk of message.type === 'have' ? message.chunks : new Bitfield(message.bits).indexes()) held.set(chunk)
  }

  /** The last chunk of a live put may be whole before anybody knows that it is. */
  #isWhole (host: Host, key: string): boolean {
    const [job = '', seq, chunk] = key.split('/')
    return host.jobs.get(job)?.media.get(Number(seq))?.chunks.has(Number(chunk)) === true
  }

  /** First piece of a chunk that is missing, `arriving` aside. */
  #missing (host: Host, job: string, seq: number, chunk: number, arriving: number): number | undefined {
    const media = host.jobs.get(job)?.media.get(seq)
    if (media == null || media.chunks.has(chunk)) return undefined
    const end = Math.min((chunk + 1) * media.chunkPieces, media.closed ?? Number.POSITIVE_INFINITY)
    let piece = media.pieces.firstClear(chunk * media.chunkPieces)
    if (piece === arriving) piece = media.pieces.firstClear(arriving + 1)
    return piece < end ? piece : undefined
  }

  #source (host: Host, job: string, peer: string): Source {
    let sources = this.#sources.get(host)
    if (sources == null) this.#sources.set(host, sources = new Map())
    const key = `${job} ${peer}`
    let source = sources.get(key)
    if (source == null) sources.set(key, source = { open: false, progressUs: this.#world.nowUs, pauseUs: 0, calledOffUs: 0, asked: 0, holds: new Map() })
    return source
  }

  /** asked for → here, or called off */
  #settle (host: Host, key: string): void {
    const asked = this.#asked.get(host)?.get(key)
    if (asked == null) return
    this.#asked.get(host)?.delete(key)
    this.#source(host, asked.job, asked.of).asked--
  }

  /** @param only - what is lost of it; all its jobs, if none is named */
  #lost (host: Host, peer: string, only?: string): void {
    const asked = this.#asked.get(host)
    for (const [key, { of, job }] of asked ?? []) if (of === peer && (only == null || job === only)) asked?.delete(key)
    const sources = this.#sources.get(host)
    for (const key of sources?.keys() ?? []) if (only == null ? key.endsWith(` ${peer}`) : key === `${only} ${peer}`) sources?.delete(key)
  }

  #dropJob (host: Host, job: string): void {
    for (const [key, asked] of this.#asked.get(host) ?? []) if (asked.job === job) this.#asked.get(host)?.delete(key)
  }
}

function keyOf ({ job, seq, chunk }: { readonly job: string, readonly seq: number, readonly chunk: number }): string {
  return `${job}/${seq}/${chunk}`
}
