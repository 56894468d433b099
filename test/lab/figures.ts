import { cpuS, type Observation } from './run.ts'
import { quantile } from './median.ts'

/** One run in numbers. Ratios are to T* or to the size of the media, F. */
export interface Figures {
  readonly throttled: boolean
  readonly lastS: number
  readonly meanS: number
  readonly p50S: number
  readonly p99S: number
  readonly lastRatio: number
  readonly meanRatio: number
  /** Media bytes that left the base ÷ F. */
  readonly sourceBytes: number
  /** All bytes on the base's link, Ethernet headers included ÷ F. */
  readonly sourceWire: number
  /** Media bytes that nodes received twice ÷ all they had to receive. */
  readonly duplicates: number
  /** As receipts state them: chunks that changed their source when a part had come. */
  readonly switches: number
  /** Chunks asked of a second source, as probes saw it. */
  readonly reRequests: number
  readonly cpuSPerGiB: number
  /** Of the time of all cores: everybody's, and the fleet's own. */
  readonly machineBusy: number
  readonly fleetBusy: number
  readonly retransmits: number
  readonly peakMiB: { readonly base: number, readonly node: number, readonly provider: number }
  /** The provider's upload ÷ the rate of the base's link. */
  readonly uploadRatio: number
  /** Pairs of hosts that were connected before the start, of all there are. */
  readonly connected: string
  readonly idle: boolean
  /** Seconds from the start, by node. */
  readonly finishedS: readonly number[]
}

const MiB = 1024 * 1024
const GiB = 1024 * MiB

export function figuresOf (seen: Observation, bytes: number, boundS: number, sourceBytesPerS: number): Figures {
  const { before, after, completions, probes, machine } = seen
  const finishedS = completions.map(({ finishedMs }) => (finishedMs - seen.startedMs) / 1000)
  const lastS = Math.max(...finishedS)
  const meanS = sum(finishedS) / finishedS.length
  const nodes = finishedS.length
  const ticks = machine.after.total - machine.before.total
  const used = cpuS(seen)
  const retransmits = (counters: Observation['before']): number => counters.base.retransmits + sum(counters.nodes.map(node => node.retransmits))
  return {
    throttled: seen.throttled,
    lastS,
    meanS,
    p50S: quantile(finishedS, 0.5),
    p99S: quantile(finishedS, 0.99),
    lastRatio: lastS / boundS,
    meanRatio: meanS / boundS,
    sourceBytes: seen.egressBytes / bytes,
    sourceWire: (after.base.sentBytes - before.base.sentBytes) / bytes,
    duplicates: sum(probes.map(({ duplicateBytes }) => duplicateBytes)) / (nodes * bytes),
    switches: sum(completions.map(({ switches }) => switches)),
    reRequests: sum(probes.map(({ switches }) => switches.length)),
    cpuSPerGiB: used / (nodes * bytes / GiB),
    machineBusy: (machine.after.busy - machine.before.busy) / ticks,
    // The kernel counts 100 ticks a second for each core, in both files.
    fleetBusy: used * 100 / ticks,
    retransmits: retransmits(after) - retransmits(before),
    peakMiB: { base: after.base.peakBytes / MiB, node: Math.max(...after.nodes.map(({ peakBytes }) => peakBytes)) / MiB, provider: after.provider.peakBytes / MiB },
    uploadRatio: seen.uploadBytesPerS / sourceBytesPerS,
    connected: `${seen.connectedPairs}/${nodes * (nodes + 1) / 2}`,
    idle: seen.idle,
    finishedS
  }
}

/** What became of a throttled relay's receivers. */
export interface Receiver {
  readonly node: string
  readonly switches: number
  /** Media bytes taken from the relay ÷ F. */
  readonly fromRelay: number
  /** Chunks asked of another after the relay. */
  readonly leftRelay: number
  /** Where in those chunks the next source went on: pieces, and how often. */
  readonly offsets: Readonly<Record<number, number>>
  /** Bytes of those chunks that came twice; in all, and in the worst of them. */
  readonly refetchedBytes: number
  readonly worstChunkBytes: number
}

export function receiversOf ({ completions, probes }: Observation, bytes: number, afterMs: number): Receiver[] {
  const relay = completions[0]?.peer ?? ''
  return completions.slice(1).map(({ switches, sources }, index) => {
    const left = probes[index + 1]?.switches.filter(({ from, atMs }) => from === relay && atMs >= afterMs) ?? []
    const offsets: Record<number, number> = {}
    for (const { offset } of left) offsets[offset] = (offsets[offset] ?? 0) + 1
    return {
      node: `n${index + 2}`,
      switches,
      fromRelay: (sources[relay] ?? 0) / bytes,
      leftRelay: left.length,
      offsets,
      refetchedBytes: sum(left.map(({ duplicateBytes }) => duplicateBytes)),
      worstChunkBytes: Math.max(0, ...left.map(({ duplicateBytes }) => duplicateBytes))
    }
  })
}

function sum (values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
