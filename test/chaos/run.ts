import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { JobClosed } from '@sluice/sdk'
import { writeMedia } from '../e2e/media-tree.ts'
import { type NodeOutcome, violationsOf } from './checks.ts'
import { readEvidence } from './evidence.ts'
import { Faults } from './faults.ts'
import { Fleet, type Member } from './fleet.ts'
import { type Ending, type Line, MAIN } from './member.ts'
import { Network } from './network.ts'
import { digestOf, type Listing, Observer } from './observer.ts'
import { describeFault, type Plan } from './plan.ts'
import { Provision } from './provision.ts'
import { localOf, placesOf, truthOf } from './script.ts'

const MIB = 1024 * 1024
/** From the provider's start to the job's end, in milliseconds: retries back off to 15 s, and silent servers are given up after 24. */
const RUN_LIMIT_MS = 100_000
/** A base that was killed last is back before. */
const FETCH_TRIES = 10
/** Room on a disk that will be full later: what a node wants to stay free, and copies of its media. */
const DISK_MIB = { margin: 64, copies: 4, rest: 24 }

export interface RunInit {
  readonly plan: Plan
  /** Made for this run, and removed by who made it. */
  readonly dir: string
  /** With network namespaces named so; undefined: on loopback. */
  readonly namespaces: string | undefined
  readonly maxMib: number
  readonly boundaries: Readonly<Record<'base' | 'node', readonly string[]>>
  /** If set, boundaries that are passed are recorded in this folder, by role. */
  readonly recordTo?: string | undefined
}

export interface RunResult {
  readonly plan: Plan
  readonly outcome: JobClosed['outcome'] | 'none'
  readonly states: Readonly<Record<string, number>>
  readonly counts: ReadonlyMap<string, number>
  readonly violations: readonly string[]
  /** What happened, for who reads of a violation. */
  readonly story: readonly string[]
  readonly looks: number
  readonly ms: number
}

/** One run: a new fleet, one job, its faults; everything heals, the job ends, and then it is judged. */
export async function runOnce (init: RunInit): Promise<RunResult> {
  const { plan } = init
  const beganMs = performance.now()
  const run = await ChaosRun.prepare(init)
  const violations: string[] = []
  try {
    await run.play()
    violations.push(...await run.judge())
  } catch (error) {
    violations.push(`${(error as Error).message}`, ...run.violations)
  } finally {
    await run.end()
  }
  const closed = run.provision.closed
  const states: Record<string, number> = {}
  for (const { state } of closed?.servers ?? []) states[state] = (states[state] ?? 0) + 1
  return { plan, outcome: closed?.outcome ?? 'none', states, counts: run.faults.counts, violations: [...new Set(violations)], story: run.story(), looks: run.observer.looks, ms: performance.now() - beganMs }
}

class ChaosRun {
  readonly violations: string[] = []
  readonly fleet: Fleet
  readonly provision: Provision
  readonly faults: Faults
  readonly observer: Observer
  readonly #init: RunInit
  readonly #network: Network | undefined
  readonly #mounts: string[]
  readonly #digests: ReadonlyMap<number, string>
  readonly #hurt = new Map<Member, string>()

  private constructor (init: RunInit, fleet: Fleet, network: Network | undefined, mounts: string[], digests: ReadonlyMap<number, string>) {
    this.#init = init
    this.fleet = fleet
    this.#network = network
    this.#mounts = mounts
    this.#digests = digests
    const { allowed } = truthOf(init.plan.steps)
    const digestsOf = (seeds: ReadonlySet<number>): Set<string> => new Set([...seeds].map(seed => digests.get(seed) as string))
    this.observer = new Observer(fleet.nodes.map(({ name, media }) => ({ name, path: media })), new Map([...allowed].map(([path, seeds]) => [path, digestsOf(seeds)])))
    this.provision = new Provision(fleet, init.plan, join(init.dir, 'source'))
    this.faults = new Faults({
      fleet,
      network,
      observer: this.observer,
      boundaries: init.boundaries,
      sources: () => this.#sources(),
      receivers: () => this.#receivers(),
      provider: () => this.provision.running,
      holdProvider: forMs => this.provision.hold(forMs),
      onHurt: (member, how) => { this.#hurt.set(member, how) }
    })
  }

  static async prepare (init: RunInit): Promise<ChaosRun> {
    const { plan, dir, namespaces, maxMib } = init
    const names = Fleet.names(plan.nodes)
    const network = namespaces == null ? undefined : Network.build(namespaces, names)
    const mounts: string[] = []
    let run: ChaosRun | undefined
    for (const fault of plan.faults) {
      if (fault.kind !== 'full disk') continue
      const place = join(dir, names[2 + fault.draw % plan.nodes] as string)
      await mkdir(place, { recursive: true })
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB.margin + DISK_MIB.copies * maxMib + DISK_MIB.rest}m`, 'sluice-chaos', place])
      mounts.push(place)
    }
    const fleet = await Fleet.prepare(dir, network?.hosts ?? Network.none(names), {
      onLine: (member, line) => run?.heard(member, line),
      onEnd: (member, what) => run?.ended(member, what)
    })
    run = new ChaosRun(init, fleet, network, mounts, await writeSources(plan, join(dir, 'source')))
    return run
  }

  async play (): Promise<void> {
    const { plan, recordTo } = this.#init
    const starts = this.faults.firstStarts(plan.faults)
    if (recordTo != null) for (const member of this.fleet.members) starts.set(member, { env: { SLUICE_FAILPOINT_RECORD: join(recordTo, member.role) } })
    await this.fleet.start(starts)
    this.observer.start()
    const providing = this.provision.run()
    providing.catch(() => {})
    const healed = Promise.all(plan.faults.map(async fault => {
      // The provider's faults come at any moment of its program, all others while there is a job.
      if (fault.role !== 'provider') await this.provision.opened()
      await delay(fault.atMs)
      await this.faults.happen(fault)
    }))
    healed.catch(() => {})
    let isHealed = false
    void healed.then(() => { isHealed = true }, () => {})
    const giveUp = new AbortController()
    const ended = Promise.all([providing, healed])
    await Promise.race([ended, delay(RUN_LIMIT_MS, undefined, { signal: giveUp.signal }).then(async () => {
      throw new Error(`the job has not ended within ${RUN_LIMIT_MS / 1000} s: ${isHealed ? 'all faults are over' : 'a fault is not over'}, the provider's last words are ${JSON.stringify(this.provision.lines.at(-1))}, the base says ${await this.#state()}`)
    })]).finally(() => giveUp.abort())
  }

  /** @returns every violation */
  async judge (): Promise<string[]> {
    const { fleet, provision } = this
    const bundle = join(this.#init.dir, 'receipts.json')
    const closed = provision.closed as JobClosed
    const fetch = (): Promise<Ending> => fleet.launch([MAIN, 'receipts', closed.job, '-o', bundle, '-c', fleet.provider.config], () => {}).ended
    let fetched = await fetch()
    // A failpoint behind the job's end may have ended the base just now: it is started again.
    for (let tries = 1; fetched.status !== 0 && tries < FETCH_TRIES; tries++) fetched = await fetch()
    if (fetched.status !== 0) return [...this.#all(), `the receipts cannot be had: ${fetched.errors}`]
    const verified = await fleet.launch([MAIN, 'verify', bundle, '--base', fleet.base.peer, '--provider', fleet.provider.peer], () => {}).ended
    if (verified.status !== 0) this.violations.push(`the receipts do not hold: ${verified.errors}`)
    await fleet.stop()
    await this.faults.noteFailedDisk()
    const listings = await this.observer.stop()
    const { final, lasting } = truthOf(this.#init.plan.steps)
    const digests = (seeds: ReadonlyMap<string, number>): Map<string, string> => new Map([...seeds].map(([path, seed]) => [path, this.#digests.get(seed) as string]))
    this.violations.push(...violationsOf({
      commands: this.#init.plan.steps.length,
      closed,
      evidence: await readEvidence(await readFile(bundle, 'utf8')),
      lines: provision.lines,
      nodes: await Promise.all(fleet.nodes.map(node => this.#outcomeOf(node, listings.get(node.name) as Listing, new Set([...final.keys(), ...[...lasting.values()].flatMap(files => [...files.keys()])])))),
      base: this.faults.finalSample(fleet.base),
      final: digests(final),
      lasting: new Map([...lasting].map(([seq, files]) => [seq, digests(files)])),
      baseHurt: this.#hurt.has(fleet.base)
    }))
    return this.#all()
  }

  async end (): Promise<void> {
    this.provision.stop()
    await this.provision.running?.kill()
    await this.fleet.stop()
    await this.observer.stop()
    for (const place of this.#mounts) execFileSync('umount', [place])
    this.#network?.remove()
    await rm(join(this.#init.dir, 'source'), { recursive: true, force: true })
  }

  /** What was planned, what happened, and what became of whom. */
  story (): string[] {
    const { plan, dir } = this.#init
    const { closed, failures } = this.provision
    const incomplete = (closed?.servers ?? []).filter(({ state }) => state !== 'complete')
    return [
      ...plan.faults.map(describeFault),
      ...this.faults.told,
      ...failures.map(text => `provider failed: ${text}`),
      ...incomplete.map(({ peer, state, reason = '' }) => `${this.#nameOf(peer)} ${state}: ${reason}`),
      `logs: ${dir}`
    ]
  }

  #nameOf (peer: string): string {
    return this.fleet.members.find(member => member.peer === peer)?.name ?? peer
  }

  heard (member: Member, { msg, reason, peer, error }: Line): void {
    if (msg === 'peer banned') this.violations.push(`${member.name} bans ${this.#nameOf(String(peer))}, where everybody is honest: ${String(reason)}`)
    if (msg === 'the base refuses a receipt') this.violations.push(`the base refuses a receipt of ${member.name}: ${String(reason ?? error)}`)
  }

  ended (member: Member, what: string): void {
    if (what === 'SIGKILL' && member.excuse?.startsWith('failpoint') === true) return this.faults.failpointHit(member)
    if (member.excuse == null) this.violations.push(`${member.name} ended by itself: ${what}`)
    else this.faults.excused(member, what)
  }

  #all (): string[] {
    return [...this.violations, ...this.faults.violations, ...this.observer.violations]
  }

  async #outcomeOf (node: Member, listing: Listing, paths: ReadonlySet<string>): Promise<NodeOutcome> {
    const spoilt = new Set<string>()
    for (const path of paths) if (await this.observer.isSpoilt(join(node.media, path)).catch(() => false)) spoilt.add(path)
    return { name: node.name, peer: node.peer, listing, journal: this.faults.finalSample(node), hurt: this.#hurt.get(node), spoilt }
  }

  /** Nodes that others said they fetch from, of late. */
  #sources (): Member[] {
    const latest = new Map<unknown, unknown>()
    for (const { type, peer, source } of this.provision.lines) if (type === 'progress' && source != null) latest.set(peer, source)
    const named = new Set(latest.values())
    return this.fleet.nodes.filter(({ peer }) => named.has(peer))
  }

  #receivers (): Member[] {
    const done = new Set(this.provision.lines.filter(({ type, kind }) => type === 'receipt' && kind === 'job-completed').map(({ peer }) => peer))
    return this.fleet.nodes.filter(({ peer }) => !done.has(peer))
  }

  /** What the base says of a job that does not end. */
  async #state (): Promise<string> {
    const { job } = this.provision
    if (job == null) return 'no job is open'
    let state = 'the base does not say'
    const asking = this.fleet.launch([MAIN, 'job', job, '--json', '-c', this.fleet.provider.config], line => { state = JSON.stringify(line) })
    await Promise.race([asking.ended, delay(RUN_LIMIT_MS / 10)])
    if (!asking.isOver) await asking.kill()
    return state
  }
}

/** @returns the digest of each file's content, by its seed */
async function writeSources ({ steps }: Plan, folder: string): Promise<Map<number, string>> {
  const digests = new Map<number, string>()
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'put') continue
    const local = localOf(folder, step, index + 1)
    for (const { path, file } of placesOf(step)) {
      const place = await writeMedia(step.tree ? join(local, path.slice(step.path.length)) : local, file.size, file.seed)
      digests.set(file.seed, await digestOf(place))
    }
  }
  return digests
}

/** Bytes of media in a plan's job. */
export function bytesOf ({ steps }: Plan): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'put' ? step.files.reduce((size, file) => size + file.size, 0) : 0), 0)
}

export function mibOf (plan: Plan): string {
  return (bytesOf(plan) / MIB).toFixed(1)
}
