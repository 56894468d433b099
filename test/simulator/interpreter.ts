import { type CommandOutcome, companyMs, type Effect, type Message } from '@sluice/core'
import { Company } from './company.ts'
import type { Connection } from './connection.ts'
import { BIND_BYTES, bodyBytes, handoverBytes, pageWantedBytes } from './framing.ts'
import type { Host } from './host.ts'
import type { Intake } from './intake.ts'
import type { Network } from './network.ts'
import type { Pages } from './pages.ts'
import { PieceFlight } from './piece-flight.ts'
import { isFinal, type JobRecord, type MediaRecord } from './record.ts'
import type { Script } from './script.ts'
import type { World } from './world.ts'

/** Verifying a job's signatures and committing it to the journal. */
const HANDOVER_US = 3_000
/** Renaming a put's files, or whatever else a command does; a put's bytes are synced before. */
const EXECUTE_US = 10_000
const PUBLISH_US = 5_000
/** Signing a receipt and committing it. */
const RECEIPT_US = 1_000
/** A search in the DHT: three hops. */
const SEARCH_ROUND_TRIPS = 3

/**
 * The other interpreter of the core's effects: the same effects that the
 * driver performs over libp2p and the store, over links with queues and delay.
 */
export class Interpreter {
  readonly #world: World
  readonly #network: Network
  readonly #script: Script
  readonly #intake: Intake
  readonly #pages: Pages
  readonly #flush: (host: Host) => void
  readonly #land: (flight: PieceFlight) => void
  readonly #company: Company
  /** Who said in the DHT that it has a job. */
  readonly #providers = new Map<string, Set<Host>>()

  constructor (world: World, network: Network, script: Script, intake: Intake, pages: Pages, flush: (host: Host) => void) {
    this.#world = world
    this.#network = network
    this.#script = script
    this.#intake = intake
    this.#pages = pages
    this.#flush = flush
    this.#company = new Company(world, network, (receiver, from, pieces) => this.#acknowledged(receiver, from, pieces))
    this.#land = flight => intake.landed(flight)
  }

  perform (host: Host, effect: Effect): void {
    switch (effect.type) {
      case 'connect': return this.#network.dial(host, this.#world.host(effect.peer))
      case 'send': return this.#send(host, this.#world.host(effect.to), effect.message)
      case 'handOver': return this.#handOver(host, effect)
      case 'sendPiece': return this.#sendPiece(host, effect)
      // No provider of a plan serves viewers.
      case 'fetch': return
      case 'execute': return this.#execute(host, effect.job, effect.seq)
      case 'receipt': return this.receipt(host, effect.job, effect.kind, effect.seq)
      case 'provide': return this.#provide(host, effect.job)
      case 'findSources': return this.#findSources(host, effect.job)
      case 'ban': return this.#ban(host, this.#world.host(effect.peer))
    }
  }

  acknowledge (host: Host, to: Host): void {
    this.#send(host, to, { type: 'acknowledge', pieces: 1 })
  }

  #send (host: Host, to: Host, message: Message): void {
    const connection = host.connections.get(to.index)
    if (connection?.alive !== true) return
    const direction = connection.from(host)
    if (message.type === 'acknowledge') {
      // Those that wait go in one message, behind all else.
      direction.acknowledge += message.pieces
      this.#company.await(connection, host, companyMs(message) * 1000)
      return
    }
    this.#bind(host, connection, message.job)
    if (message.type === 'request') this.#askPages(connection, host, message)
    const staleUs = message.type === 'have' || message.type === 'bitfield' ? this.#staleUs() : 0
    const run = (receiver: Host): void => {
      // Whoever has verified a piece has its page, and whoever asks for pieces sees to their page himself.
      if (message.type === 'have' || message.type === 'coming') this.#pages.held(receiver, connection, message, message.chunks)
      else if (message.type === 'request') this.#pages.held(receiver, connection, message, [message.chunk])
      this.#world.input(receiver, { type: 'message', from: host.name, message })
    }
    direction.waiting.push({ body: bodyBytes(message), run, staleUs })
    this.#company.await(connection, host, companyMs(message) * 1000)
  }

  /** A job is named by its hash once, by a handle after that. */
  #bind (host: Host, connection: Connection, job: string): void {
    const { handles } = connection.from(host)
    if (handles.has(job)) return
    handles.add(job)
    this.#network.control(connection, host, BIND_BYTES, () => {})
  }

  #staleUs (): number {
    const { staleMs } = this.#world.plan.links
    return staleMs === 0 ? 0 : this.#world.prng.below(staleMs * 1000)
  }

  /** In the frame of the request that needs one, or will be followed by those that need the next. */
  #askPages (connection: Connection, host: Host, { job, seq, chunk }: Extract<Message, { type: 'request' }>): void {
    const piece = chunk * (host.jobs.get(job)?.media.get(seq)?.chunkPieces ?? 1)
    for (const asked of this.#pages.asks(connection, host, job, seq, piece)) {
      connection.from(host).waiting.push({ body: pageWantedBytes(seq, asked), run: source => this.#pages.wanted(connection, source, job, seq, asked), staleUs: 0 })
    }
  }

  #acknowledged (host: Host, from: Host, pieces: number): void {
    const counted = Math.min(pieces, host.inFlightTo.get(from.index) ?? 0)
    host.inFlightTo.set(from.index, (host.inFlightTo.get(from.index) ?? 0) - counted)
    host.inFlight -= counted
    this.#world.input(host, { type: 'message', from: from.name, message: { type: 'acknowledge', pieces } })
  }

  #handOver (host: Host, { to: name, job, errand, withJob, afterSeq, ranges }: Extract<Effect, { type: 'handOver' }>): void {
    const to = this.#world.host(name)
    const connection = host.connections.get(to.index)
    const record = host.jobs.get(job)
    if (connection?.alive !== true || record == null) return
    this.#company.leave(connection, host)
    this.#bind(host, connection, job)
    const commands = record.commands.slice(afterSeq)
    const bytes = handoverBytes(withJob ? record.info.servers.length : undefined, commands.length, ranges.length)
    this.#network.control(connection, host, bytes, receiver => {
      const refused = this.#intake.handedOver(receiver, host, { info: record.info, withJob, commands, ranges, errand })
      if (refused != null && errand > 0) this.#send(receiver, host, { type: 'handoverAck', job, errand, head: 0, refused })
    }, HANDOVER_US)
  }

  #sendPiece (host: Host, { to: name, job, seq, piece, first }: Extract<Effect, { type: 'sendPiece' }>): void {
    const to = this.#world.host(name)
    const connection = host.connections.get(to.index)
    if (connection == null) return
    this.#company.leave(connection, host, true)
    const direction = connection.from(host)
    // What is said after this is another frame, behind the piece.
    direction.frameUs = -1
    host.traffic.piecesSent++
    host.inFlight++
    host.inFlightTo.set(to.index, (host.inFlightTo.get(to.index) ?? 0) + 1)
    const media = host.jobs.get(job)?.media.get(seq) as MediaRecord
    const page = media.pageOf(piece)
    const { pages } = direction
    const key = this.#script.pageKey(job, seq, page)
    const isNew = !pages.has(key)
    if (isNew) pages.add(key)
    const extra = isNew ? this.#pages.bytes(job, seq, page) : 0
    host.traffic.controlBytes += extra
    const flight = new PieceFlight(this.#world, connection, host, job, seq, piece, isNew ? page : -1, extra, first, this.#land)
    const target = to.jobs.get(job)?.media.get(seq)
    if (target != null) target.touchedUs[target.chunkOf(piece)] = this.#world.nowUs
    host.up.send(flight)
    const { nowUs, plan } = this.#world
    direction.bulkOutUs = nowUs + (plan.links.tcp === true ? host.up.backlogOfUs(direction, nowUs) : host.up.backlogUs(nowUs))
  }

  #execute (host: Host, job: string, seq: number): void {
    const record = host.jobs.get(job) as JobRecord
    const media = record.media.get(seq)
    if (media?.complete === false) throw this.#world.error(`${host.name} commits command ${seq} of ${job}, of which it holds ${media.pieces.count} of ${media.closed ?? 'unknown'} pieces`)
    const publish = (afterUs: number): void => this.#world.inLife(host, afterUs, () => {
      this.#executed(host, record, seq, this.#script.failsAt(job, seq, host.index) ? { state: 'failed', reason: 'the plan says so' } : { state: 'completed' })
    })
    if (media == null) return publish(EXECUTE_US)
    if (media.problem != null) return this.#world.inLife(host, 0, () => this.#executed(host, record, seq, { state: 'failed', reason: media.problem ?? '' }))
    this.#intake.checkpoint(host, record, seq, media, problem => {
      if (problem == null) publish(PUBLISH_US)
      else this.#executed(host, record, seq, { state: 'failed', reason: problem })
    })
  }

  /** What was done is durable before the core, and through it anybody, hears of it. */
  #executed (host: Host, record: JobRecord, seq: number, outcome: CommandOutcome): void {
    // Nothing of a put that failed may be served for a moment longer.
    if (outcome.state !== 'completed') return this.#world.input(host, { type: 'executed', job: record.info.id, seq, outcome })
    record.outcomes.set(seq, outcome)
    host.disk.passes('outcome')
    this.#world.inLife(host, 0, () => this.#world.input(host, { type: 'executed', job: record.info.id, seq, outcome }))
  }

  /** Written once, then brought to the base. A restart may ask for it again. */
  receipt (host: Host, job: string, kind: string, seq: number): void {
    const settled = host.jobs.get(job)?.outcomes
    // What was not done is durable at once: what comes behind it on its track would survive a crash that it does not.
    if (kind === 'command-failed' && settled?.has(seq) === false) settled.set(seq, { state: 'failed', reason: 'as receipted' })
    if (kind === 'command-superseded' && settled?.has(seq) === false) settled.set(seq, { state: 'superseded' })
    this.#world.inLife(host, RECEIPT_US, () => {
      const record = host.jobs.get(job)
      if (record == null) return
      const receipt = `${kind}:${seq}`
      if (record.receipts.some(written => written === receipt || (isFinal(kind) && isFinal(written) && written.endsWith(`:${seq}`)))) return
      record.receipts.push(receipt)
      for (const observer of this.#world.observers) observer.receipt?.(host, job, receipt)
      host.disk.passes('receipt')
      this.#world.inLife(host, 0, () => this.#flush(host))
    })
  }

  #provide (host: Host, job: string): void {
    let providers = this.#providers.get(job)
    if (providers == null) this.#providers.set(job, providers = new Set())
    providers.add(host)
  }

  #findSources (host: Host, job: string): void {
    this.#world.inLife(host, SEARCH_ROUND_TRIPS * this.#world.plan.links.rttMs * 1000, () => {
      for (const provider of this.#providers.get(job) ?? []) this.#network.dial(host, provider)
    })
  }

  #ban (host: Host, peer: Host): void {
    host.banned.add(peer.index)
    const connection = host.connections.get(peer.index)
    if (connection != null) this.#network.break(connection, host, false)
  }
}
