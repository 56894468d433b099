import { Bitfield, type Effect } from '@sluice/core'
import type { Host } from '../host.ts'
import { isFinal } from '../record.ts'
import type { Observer, World } from '../world.ts'

/**
 * What is said is on a disk first: nothing that was accepted, receipted or
 * acknowledged is lost by a crash, no bitmap names what the disk has not got,
 * no byte is served that is not there as it was verified; and numbers never
 * fall, neither of commands nor of receipts.
 */
export class DurabilityCheck implements Observer {
  readonly #world: World
  /** What the base told the provider that it may forget, by `job seq`. */
  readonly #accepted = new Map<string, Bitfield>()
  /** Receipts as they got to the base, by `job server`. */
  readonly #chains = new Map<string, string[]>()
  /** How many of them the base promised to keep. */
  readonly #settled = new Map<string, number>()
  /** Commands that a host ever knew, by `host job`. */
  readonly #heads = new Map<string, number>()
  readonly #recorded: (job: string, server: string) => number

  /** @param recorded - how many receipts of a server are in the base's journal */
  constructor (world: World, recorded: (job: string, server: string) => number) {
    this.#world = world
    this.#recorded = recorded
  }

  restarted (host: Host): void {
    for (const [job, { commands, media, receipts, acknowledged }] of host.jobs) {
      const head = this.#heads.get(`${host.name} ${job}`) ?? 0
      if (commands.length < head) throw this.#world.error(`${host.name} comes back with ${commands.length} commands of ${job}, and had ${head}`)
      if (receipts.length < acknowledged) throw this.#world.error(`${host.name} comes back with ${receipts.length} receipts of ${job}, and the base has ${acknowledged}`)
      const reported = this.#chains.get(`${job} ${host.name}`)?.length ?? 0
      if (receipts.length < reported) throw this.#world.error(`${host.name} comes back with ${receipts.length} receipts of ${job}, and the base was sent ${reported}`)
      for (const [seq, { durable, written }] of media) {
        for (const piece of new Bitfield(durable).indexes()) {
          if (!written.has(piece)) throw this.#world.error(`${host.name} comes back with a bitmap that names piece ${piece} of command ${seq} of ${job}, and its disk has not got it`)
        }
      }
    }
    if (host.index === 0) this.#baseBack(host)
  }

  #baseBack (base: Host): void {
    for (const [key, pieces] of this.#accepted) {
      const [job = '', seq] = key.split(' ')
      const kept = new Bitfield(base.jobs.get(job)?.media.get(Number(seq))?.durable)
      for (const piece of pieces.without(kept)) throw this.#world.error(`the base has lost piece ${piece} of command ${seq} of ${job}, which it had accepted`)
    }
    for (const [key, count] of this.#settled) {
      const [job = '', server = ''] = key.split(' ')
      if (this.#recorded(job, server) < count) throw this.#world.error(`the base has lost receipts of ${server} of ${job}: it acknowledged ${count}, and has ${this.#recorded(job, server)}`)
    }
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'sendPiece') return
    const media = host.jobs.get(effect.job)?.media.get(effect.seq)
    if (media?.written.has(effect.piece) !== true) throw this.#world.error(`${host.name} serves piece ${effect.piece} of command ${effect.seq} of ${effect.job}, ${media?.torn.has(effect.piece) === true ? 'which is torn' : 'which is not there'} on its disk`)
  }

  receipt (host: Host, job: string, receipt: string): void {
    const record = host.jobs.get(job)
    const [kind, seq] = receipt.split(':')
    if (record == null) return
    this.#heads.set(`${host.name} ${job}`, Math.max(this.#heads.get(`${host.name} ${job}`) ?? 0, record.commands.length))
    if (kind !== 'command-completed') return
    const fail = (what: string): Error => this.#world.error(`${host.name} signs ${kind} of command ${seq} of ${job}, and ${what}`)
    if (record.outcomes.get(Number(seq))?.state !== 'completed' && record.commands[Number(seq) - 1]?.body.kind !== 'cancel') throw fail('its outcome is not in the journal')
    const media = record.media.get(Number(seq))
    if (media == null) return
    for (const piece of media.pieces.indexes()) if (!media.synced.has(piece)) throw fail(`piece ${piece} is not synced`)
  }

  accepted (job: string, seq: number, pieces: Uint8Array): void {
    const synced = this.#world.base.jobs.get(job)?.media.get(seq)?.synced
    for (const piece of new Bitfield(pieces).indexes()) if (synced?.has(piece) !== true) throw this.#world.error(`the base accepts piece ${piece} of command ${seq} of ${job}, which is not synced`)
    this.#accepted.set(`${job} ${seq}`, new Bitfield(pieces))
  }

  reported (job: string, server: string, index: number, receipt: string): void {
    const key = `${job} ${server}`
    let chain = this.#chains.get(key)
    if (chain == null) this.#chains.set(key, chain = [])
    const before = chain[index]
    if (before != null && before !== receipt) throw this.#world.error(`${server} reports ${receipt} of ${job} as its receipt ${index + 1}, which was ${before} before`)
    if (index > chain.length) throw this.#world.error(`${server} reports receipt ${index + 1} of ${job}, and the base has had ${chain.length}`)
    chain[index] = receipt
    const [, seq] = receipt.split(':')
    const finals = chain.filter(other => isFinal(other) && other.split(':')[1] === seq)
    if (isFinal(receipt) && finals.length > 1) throw this.#world.error(`${server} has ${finals.length} final receipts of command ${seq} of ${job}: ${finals.join(', ')}`)
  }

  settled (job: string, server: string, count: number): void {
    const key = `${job} ${server}`
    this.#settled.set(key, Math.max(this.#settled.get(key) ?? 0, count))
  }

  /** One line per server, and no completion without a receipt of it. */
  closed (job: string, lines: ReadonlyArray<{ readonly peer: string, readonly state: string }>): void {
    const servers = this.#world.plan.jobs.find(({ id }) => id === job)?.servers.length
    if (lines.length !== servers || new Set(lines.map(({ peer }) => peer)).size !== servers) throw this.#world.error(`${job} is closed with ${lines.length} lines for ${servers} servers`)
    for (const { peer, state } of lines) {
      const completed = this.#chains.get(`${job} ${peer}`)?.some(receipt => receipt.startsWith('job-completed')) === true
      if (completed ? state !== 'complete' && state !== 'failed' : state === 'complete') throw this.#world.error(`${job} is closed with ${peer} as ${state}, which has ${completed ? '' : 'not '}reported its completion`)
    }
  }
}
