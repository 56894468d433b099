import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MachineCounters, machineCounters } from './counters.ts'
import { type Completion, completions } from './evidence.ts'
import { cpuOf, Fleet, type FleetCounters } from './fleet.ts'
import type { LabCase } from './lab-case.ts'
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
  /** Pairs of hosts that were connected before the start. */
  readonly connectedPairs: number
}

/** A run that takes so many times the bound, and this beside, is given up. */
const GIVE_UP = 10
const GIVE_UP_MS = 60_000
/** A fleet that is not idle in this time is measured nonetheless, and the run says so: after its first job, … */
const START_IDLE_MS = 15_000
/** … and after the upload: soon enough that the base does not take its held hand-overs for lost (ERRAND_TIMEOUT_MS). */
const HELD_IDLE_MS = 4_000

const WARM_UP = 'warm-up'
const MEDIA = 'media'

/**
 * One run: a new fleet, connected and idle; the media pushed to it; every file compared.
 *
 * @throws {Error} if any of this does not hold: such a run has no figures
 */
export async function runOnce (workplace: Workplace, topology: Topology, labCase: LabCase, media: LabMedia, boundS: number, throttled: boolean): Promise<Observation> {
  const dir = join(workplace.dir, 'fleet')
  await mkdir(dir)
  const fleet = await Fleet.start(workplace, topology, labCase, dir)
  try {
    const idle = await prepare(fleet, labCase, media)
    const connectedPairs = await fleet.pairs()
    const before = fleet.counters()
    const machineBefore = machineCounters()
    const restore = throttled ? throttleLater(topology, labCase, boundS) : () => {}
    let startedMs: number
    let job: string
    try {
      startedMs = labCase.start === 'held' ? await fleet.release() : await fleet.publish(MEDIA, media.path)
      job = await fleet.closed(MEDIA, boundS * 1000 * GIVE_UP + GIVE_UP_MS)
    } finally {
      restore()
    }
    const machineAfter = machineCounters()
    const after = fleet.counters()
    for (const node of fleet.nodes) {
      if (await digest(node.published(MEDIA)) !== media.sha256) throw new Error(`${node.host.name} has another file than was published`)
    }
    return {
      throttled,
      startedMs,
      completions: await completions(await fleet.evidence(MEDIA), fleet.name, fleet.nodes.map(({ peer }) => peer)),
      egressBytes: await fleet.egressBytes(job),
      uploadBytesPerS: await fleet.uploaded(MEDIA, GIVE_UP_MS),
      probes: await fleet.stop(),
      before,
      after,
      machine: { before: machineBefore, after: machineAfter },
      idle,
      connectedPairs
    }
  } finally {
    await fleet.kill()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Up to the moment before the clock starts. @returns whether everybody was idle then */
async function prepare (fleet: Fleet, { start }: LabCase, media: LabMedia): Promise<boolean> {
  // A small job first: it opens the connections that a fleet at work has.
  await fleet.publish(WARM_UP, fileURLToPath(import.meta.url))
  await fleet.closed(WARM_UP, GIVE_UP_MS)
  const idle = await fleet.idle(START_IDLE_MS)
  if (start === 'uploading') return idle
  await fleet.hold()
  await fleet.publish(MEDIA, media.path)
  await fleet.uploaded(MEDIA, GIVE_UP_MS)
  return await fleet.idle(HELD_IDLE_MS)
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
