import { spawnSync } from 'node:child_process'
import { readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { flipBitmap, flipByte, flipJournal, moveJournalAway, publishedFiles, stagedFiles } from './damage.ts'
import type { Fleet, Member } from './fleet.ts'
import { fallen, type JournalSample, sampleJournal } from './journal-sample.ts'
import type { Running, Start } from './member.ts'
import type { Network } from './network.ts'
import type { Observer } from './observer.ts'
import type { Fault, Role } from './plan.ts'

/** Where there is nothing to damage yet it is looked again, so often and after so many milliseconds. */
const LOOKS = 150
const LOOK_MS = 150
/** A process that meets its damage at its start has ended by then. */
const START_MS = 15_000
/** Left of a full disk, in bytes, from the first to the last try: others write while we fill it. */
const LEFT_BYTES = [0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024]
/** A failpoint is at one of the first passings of its boundary: most are passed a few times only. */
const PASSINGS = 2
/** Which sync of a thread fails: from the first of these on, one of so many. A node makes some at its start, and is to have begun. */
const FIRST_SYNC = 2
const SYNCS = 8
/** Why a process may end whose disk is full, … */
const FULL = 'full disk'
/** … and for so long after it had room again, in milliseconds. */
const AFTERMATH_MS = 3_000
/** Disks are full for longer than others are dead: a node has to find out. */
const FULL_TIMES = 3

export interface FaultsInit {
  readonly fleet: Fleet
  readonly network: Network | undefined
  readonly observer: Observer
  /** Boundaries of the store that a base and a node pass, in a fixed order. */
  readonly boundaries: Readonly<Record<'base' | 'node', readonly string[]>>
  /** Nodes that others fetch from, and nodes that are not done. */
  readonly sources: () => readonly Member[]
  readonly receivers: () => readonly Member[]
  /** The provider's process of this moment. */
  readonly provider: () => Running | undefined
  /** Nobody starts a provider meanwhile. */
  readonly holdProvider: (forMs: number) => void
  /** From now on it may fail, or forget: and say so. */
  readonly onHurt: (member: Member, how: string) => void
}

/** Makes the faults of a plan happen, and heals each. */
export class Faults {
  readonly violations: string[] = []
  /** What did happen: kills as `kill base` and so on, others by their kind. */
  readonly counts = new Map<string, number>()
  readonly told: string[] = []
  readonly #init: FaultsInit
  readonly #samples = new Map<Member, JournalSample>()
  /** Whose disk is to fail. */
  #traced: Member | undefined

  constructor (init: FaultsInit) {
    this.#init = init
  }

  /** How members are started at first: some faults wait in a process from its start on. */
  firstStarts (faults: readonly Fault[]): Map<Member, Start> {
    const starts = new Map<Member, Start>()
    for (const fault of faults) {
      const member = this.fixed(fault)
      if (fault.kind === 'failpoint') {
        const names = this.#init.boundaries[member.role === 'base' ? 'base' : 'node']
        const name = names[fault.draw % names.length]
        if (name == null) continue
        const spec = `${name}:${1 + (fault.atMs % PASSINGS)}:kill`
        member.excuse = `failpoint ${spec}`
        starts.set(member, { ...starts.get(member), env: { SLUICE_FAILPOINT: spec } })
      } else if (fault.kind === 'failing disk') {
        const when = FIRST_SYNC + fault.draw % SYNCS
        member.excuse = `EIO at sync ${when} of a thread`
        starts.set(member, { ...starts.get(member), wrapper: ['strace', '-D', '-f', '--seccomp-bpf', '-o', traceOf(member), '-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${when}`] })
        this.#traced = member
      }
    }
    return starts
  }

  /** Who a fault is for that is prepared before there are sources and receivers. */
  fixed ({ role, draw }: Fault): Member {
    const { base, nodes } = this.#init.fleet
    return role === 'base' ? base : nodes[draw % nodes.length] as Member
  }

  /** A process has ended by a failpoint: a kill like others. */
  failpointHit (member: Member): void {
    this.#happened('failpoint', `${member.name}: ${member.excuse}`)
    this.#count(`kill ${member.role === 'base' ? 'base' : 'receiver'}`)
    member.excuse = undefined
    this.#sample(member)
  }

  /** A process has ended by itself, and may. */
  excused (member: Member, what: string): void {
    this.#happened('ended by a fault', `${member.name} (${member.excuse}): ${what}`)
    // The next one is not traced.
    if (member === this.#traced) member.excuse = undefined
  }

  /** Whether the disk that was to fail did: a process that has few syncs to make may not have come so far. */
  async noteFailedDisk (): Promise<void> {
    const member = this.#traced
    if (member == null || !(await readFile(traceOf(member), 'utf8').catch(() => '')).includes('(INJECTED)')) return
    this.#init.onHurt(member, 'failing disk')
    this.#happened('failing disk', member.name)
  }

  /** Resolves when it is healed. */
  async happen (fault: Fault): Promise<void> {
    const { forMs, role, kind } = fault
    const member = kind === 'full disk' ? this.fixed(fault) : this.#who(fault)
    if (kind === 'failpoint' || kind === 'failing disk' || member == null) return
    switch (kind) {
      case 'kill': return await this.#kill(member, forMs, role)
      case 'pause': return await this.#pause(member, forMs)
      case 'partition': return await this.#partition(member, forMs)
      case 'half-open': return await this.#partition(member, forMs, role)
      case 'full disk': return await this.#fill(member, forMs)
      case 'flipped staged byte': {
        const damage = async (): Promise<string | undefined> => await flipByte(await stagedFiles(member), fault.draw)
        // What a process has written and verified itself it takes for granted until it reads it again: a disk's errors show when it is read from the disk, after a restart.
        return member.role === 'base' ? await this.#damage(kind, damage, member) : await this.#kill(member, forMs, role, damage, kind)
      }
      case 'flipped published byte': return await this.#damage(kind, async () => await flipByte(await publishedFiles(member), fault.draw, async path => { await this.#init.observer.spoil(path) }), member)
      case 'flipped journal byte': return await this.#kill(member, forMs, role, async () => await flipJournal(member, fault.draw), kind)
      case 'flipped bitmap': return await this.#kill(member, forMs, role, async () => flipBitmap(member, fault.draw), kind)
    }
  }

  /** Journals at the very end, when nobody runs any more. */
  finalSample (member: Member): JournalSample | undefined {
    return this.#sample(member)
  }

  #who ({ role, draw }: Fault): Member | undefined {
    const { fleet, sources, receivers } = this.#init
    if (role === 'base') return fleet.base
    if (role === 'provider') return fleet.provider
    const wanted = role === 'source' ? sources() : receivers()
    const free = (wanted.length > 0 ? wanted : fleet.nodes).filter(({ isHeld }) => !isHeld)
    return free[draw % Math.max(1, free.length)]
  }

  async #kill (member: Member, forMs: number, role: Role, damage?: () => Promise<string | undefined>, kind?: string): Promise<void> {
    if (member.role === 'provider') {
      this.#init.holdProvider(forMs)
      const running = this.#init.provider()
      // It may be done already.
      if (running?.isOver !== false) return
      this.#happened('kill provider', 'provider')
      return await running.kill()
    }
    if (member.isHeld || member.process?.isOver !== false) return
    member.isHeld = true
    await member.process.kill()
    this.#happened(`kill ${role}`, member.name)
    // What waited in this process is gone with it; a disk that is full still is.
    if (member.excuse !== FULL) member.excuse = undefined
    this.#sample(member)
    const damaged = await damage?.()
    if (damaged != null) {
      this.#init.onHurt(member, kind as string)
      this.#happened(kind as string, `${member.name}: ${damaged}`)
    }
    await delay(forMs)
    if (damaged != null && kind === 'flipped journal byte') return await this.#restartDamaged(member)
    member.isHeld = false
    await this.#init.fleet.restart(member)
  }

  /** Its journal may be one that it cannot begin with: then it says so, and we do what it says. It is held until it runs, so that no other fault comes between. */
  async #restartDamaged (member: Member): Promise<void> {
    const { fleet } = this.#init
    // SQLite takes its log up to the first damaged page, and silently: what was behind it is as if it never was.
    this.#samples.delete(member)
    member.excuse = 'damaged journal'
    await Promise.race([fleet.restart(member), delay(START_MS)])
    if (!member.isReady) {
      await member.process?.kill()
      moveJournalAway(member)
      this.#count('journal moved away')
      await fleet.restart(member)
    }
    member.isHeld = false
  }

  async #pause (member: Member, forMs: number): Promise<void> {
    const running = member.role === 'provider' ? this.#init.provider() : member.process
    if (running == null || running.isOver) return
    running.signal('SIGSTOP')
    this.#happened('pause', member.name)
    await delay(forMs)
    running.signal('SIGCONT')
  }

  async #partition (member: Member, forMs: number, dies?: Role): Promise<void> {
    const { network } = this.#init
    if (network == null) return
    network.cut(member.host)
    this.#happened(dies == null ? 'partition' : 'half-open', member.name)
    const killed = dies == null ? delay(forMs) : this.#kill(member, forMs, dies)
    await delay(forMs / 2)
    if (dies != null) network.heal(member.host)
    await killed
    network.heal(member.host)
  }

  async #fill (member: Member, forMs: number): Promise<void> {
    const filler = join(member.dir, 'filler')
    member.excuse = FULL
    for (const left of LEFT_BYTES) {
      const { bavail, bsize } = await statfs(member.dir)
      if (spawnSync('fallocate', ['-l', String(Math.max(1, bavail * bsize - left)), filler]).status === 0) break
    }
    this.#init.onHurt(member, 'full disk')
    this.#happened('full disk', member.name)
    await delay(forMs * FULL_TIMES)
    await rm(filler, { force: true })
    // What failed last may still be on its way to ending the process.
    await delay(AFTERMATH_MS)
    if (member.excuse === FULL) member.excuse = undefined
  }

  async #damage (kind: string, damage: () => Promise<string | undefined>, member: Member): Promise<void> {
    for (let look = 0; look < LOOKS; look++) {
      const damaged = await damage()
      if (damaged != null) {
        this.#init.onHurt(member, kind)
        return this.#happened(kind, `${member.name}: ${damaged}`)
      }
      await delay(LOOK_MS)
    }
  }

  #sample (member: Member): JournalSample | undefined {
    const before = this.#samples.get(member)
    const after = sampleJournal(member)
    if (after == null) return before
    if (before != null) this.violations.push(...fallen(member.name, before, after))
    this.#samples.set(member, after)
    return after
  }

  #happened (kind: string, what: string): void {
    this.#count(kind)
    this.told.push(`${kind}: ${what}`)
  }

  #count (kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1)
  }
}

/** Beside the member's folder: that one may be on a disk that is full. */
function traceOf (member: Member): string {
  return `${member.dir}.strace`
}
