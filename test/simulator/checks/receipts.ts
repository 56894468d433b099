import type { Effect } from '@sluice/core'
import type { Host } from '../host.ts'
import { isFinal, type JobRecord } from '../record.ts'
import type { Observer, World } from '../world.ts'

/** One final receipt per job, command and server; the job's own before all of them, its completion after. */
export class ReceiptsCheck implements Observer {
  readonly #world: World
  /** What a process stated in its present life: `name job` → `kind:seq` */
  readonly #stated = new Map<string, Set<string>>()

  constructor (world: World) {
    this.#world = world
  }

  restarted (host: Host): void {
    for (const key of [...this.#stated.keys()]) if (key.startsWith(`${host.name} `)) this.#stated.delete(key)
    // A process that has the job states that again before all else.
    for (const job of host.jobs.keys()) this.#stated.set(`${host.name} ${job}`, new Set(['job-received:0']))
  }

  receipt (host: Host, job: string, receipt: string): void {
    const first = host.jobs.get(job)?.receipts[0]
    if (first !== 'job-received:0') throw this.#world.error(`${host.name} has written ${first ?? receipt} of ${job} before job-received`)
  }

  effect (host: Host, effect: Effect): void {
    if (effect.type !== 'receipt') return
    const { job, kind, seq } = effect
    const fail = (what: string): Error => this.#world.error(`${host.name} states ${kind} of command ${seq} of ${job}, ${what}`)
    const record = host.jobs.get(job) as JobRecord
    const key = `${host.name} ${job}`
    let stated = this.#stated.get(key)
    if (stated == null) this.#stated.set(key, stated = new Set())
    const receipt = `${kind}:${seq}`
    if (stated.has(receipt)) throw fail('a second time')
    const all = [...record.receipts, ...stated]
    const finals = all.filter(other => isFinal(other) && other.endsWith(`:${seq}`))
    if (isFinal(receipt) && finals.some(other => other !== receipt)) throw fail(`and has stated ${finals.join(', ')}`)
    if (kind !== 'job-received' && !all.includes('job-received:0')) throw fail('before job-received')
    if (isFinal(receipt) && all.some(other => other.startsWith('job-completed')) && !all.includes(receipt)) throw fail('after job-completed')
    if (kind === 'job-completed') {
      for (const command of record.commands) {
        if (command.body.kind === 'end') continue
        const outcome = record.outcomes.get(command.seq)
        if (outcome == null && !all.some(other => isFinal(other) && other.endsWith(`:${command.seq}`))) throw fail(`before an outcome of command ${command.seq}`)
      }
    }
    if (kind === 'command-completed' && record.media.get(seq)?.complete === false) throw fail('of which pieces are missing')
    stated.add(receipt)
  }
}
