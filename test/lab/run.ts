import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Completion, completions } from './evidence.ts'
import { cpuOf, Fleet, type FleetCounters, PUBLISHED } from './fleet.ts'
import type { LabCase } from './lab-case.ts'
import { type MachineCounters, machineCounters } from './counters.ts'
import type { ProbeAccount } from './probe.ts'
import type { Topology } from './topology.ts'
import type { Workplace } from './workplace.ts'

/** The media that all runs of a case push. */
export interface LabMedia {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** What one run was seen to do, before anything is made of it. */
export interface Observation {
  readonly throttled: boolean
  readonly startedMs: number
  /** By node, in the order of the case. */
  readonly completions: readonly Completion[]
  readonly probes: readonly ProbeAccount[]
  /** Bytes of media that left the base. */
  readonly egressBytes: number
  readonly uploadBytesPerS: number
  readonly before: FleetCounters
  readonly after: FleetCounters
  readonly machine: { readonly before: MachineCounters, readonly after: MachineCounters }
  readonly idle: boolean
  readonly connections: number
}

/** A run that takes so many times the bound, and this beside, is given up. */
const GIVE_UP = 10
const GIVE_UP_MS = 60_000
/** For what is to happen at once. */
const SOON_MS = 30_000

/**
 * One run: a new fleet, idle; the media pushed to it; every file compared.
 *
 * @throws {Error} if any of this does not hold: such a run has no figures
 */
export async function runOnce (workplace: Workplace, topology: Topology, labCase: LabCase, media: LabMedia, boundS: number, throttled: boolean): Promise<Observation> {
  const dir = join(workplace.dir, 'fleet')
  await mkdir(dir)
  const fleet = await Fleet.start(workplace, topology, labCase, dir, media.path)
  try {
    const idle = await fleet.idle()
    const connections = await fleet.connections()
    const before = fleet.counters()
    const machineBefore = machineCounters()
    const restore = throttled ? throttleLater(topology, labCase, boundS) : () => {}
    let closed: Record<string, unknown>
    try {
      fleet.provider.tell({ ask: 'publish' })
      closed = await fleet.provider.line('the job is closed', ({ msg }) => msg === 'closed', boundS * 1000 * GIVE_UP + GIVE_UP_MS)
    } finally {
      restore()
    }
    const machineAfter = machineCounters()
    const after = fleet.counters()
    if (closed.outcome !== 'complete') throw new Error(`the job ended ${String(closed.outcome)}`)
    const { startedMs } = await fleet.provider.line('the time of the start', ({ msg }) => msg === 'opening', SOON_MS)
    const { bundle } = await fleet.provider.line('the evidence', ({ msg }) => msg === 'evidence', SOON_MS)
    const { bytes } = await fleet.base.line('the base says what it sent', ({ msg }) => msg === 'base egress', SOON_MS)
    for (const { host, dir: place } of fleet.nodes) {
      if (await digest(join(place, 'media', PUBLISHED)) !== media.sha256) throw new Error(`${host.name} has another file than was published`)
    }
    return {
      throttled,
      startedMs: Number(startedMs),
      completions: await completions(String(bundle), fleet.name, fleet.nodes.map(({ peer }) => peer)),
      probes: await fleet.stop(),
      egressBytes: Number(bytes),
      uploadBytesPerS: Number(closed.uploadBytesPerS),
      before,
      after,
      machine: { before: machineBefore, after: machineAfter },
      idle,
      connections
    }
  } finally {
    await fleet.kill()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Cut the first node's uplink in a while. @returns what to call when the run is over */
function throttleLater (topology: Topology, { throttle }: LabCase, boundS: number): () => void {
  const relay = topology.nodes[0]
  if (throttle == null || relay?.access == null) return () => {}
  const { up } = relay.access
  const timer = setTimeout(() => topology.throttle(relay, up * throttle.factor), throttle.at * boundS * 1000)
  return () => {
    clearTimeout(timer)
    topology.throttle(relay, up)
  }
}

/** CPU seconds of the whole fleet in a run. */
export function cpuS ({ before, after }: Observation): number {
  return cpuOf(after) - cpuOf(before)
}

export async function digest (path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
