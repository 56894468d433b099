import { chunkPiecesFor, PIECE_BYTES } from '@sluice/wire'
import { Cluster, type ClusterOptions } from '../simulator/cluster.ts'
import { fluidBound, reportOf } from '../simulator/report.ts'
import type { Access, LabCase } from './lab-case.ts'
import type { Goodput } from './goodput.ts'
import { median } from './median.ts'

const MiB = 1024 * 1024
/** Two hosts on one bridge: what a frame takes without a queue. */
const LAB_RTT_MS = 1
/** Shapers keep their rate; what varies is when processes run. */
const JITTER = 0.05
/** A simulated fleet that takes this many times the bound is stuck. */
const STUCK = 20

/** A case as the simulator takes it, at the rates that TCP was measured to get. */
export function clusterOptions ({ base, nodes, mib, delayMs }: LabCase, { up, down }: Goodput, seed = 1): ClusterOptions {
  const pieces = Math.ceil(mib * MiB / PIECE_BYTES)
  const rate = (rates: ReadonlyMap<number, number>, bitsPerS: number): number => {
    const bytesPerS = rates.get(bitsPerS)
    if (bytesPerS == null) throw new Error(`no goodput was measured for ${bitsPerS} bit/s`)
    return bytesPerS
  }
  const host = (access: Access): { up: number, down: number } => ({ up: rate(up, access.up), down: rate(down, access.down) })
  return {
    seed,
    // Of a base's download nothing depends on.
    hosts: [{ up: rate(up, base.up), down: rate(up, base.up) }, ...nodes.map(host)],
    rttMs: LAB_RTT_MS + 2 * delayMs,
    jitter: JITTER,
    pieces,
    chunkPieces: chunkPiecesFor(pieces)
  }
}

/** T* of a case in seconds: no system can be done before. */
export function boundOf (labCase: LabCase, goodput: Goodput): number {
  return fluidBound(clusterOptions(labCase, goodput))
}

/** Last node done ÷ T* in the simulator: the median over seeds. */
export function simulatedRatio (labCase: LabCase, goodput: Goodput, seeds: number, throttled: boolean): number {
  return median(Array.from({ length: seeds }, (_, index) => {
    const options = clusterOptions(labCase, goodput, index + 1)
    const cluster = new Cluster(options)
    const bound = fluidBound(options)
    const { throttle } = labCase
    const relay = cluster.hosts.get('n0')
    if (throttled && throttle != null && relay != null) cluster.events.at(throttle.at * bound * 1e6, () => { relay.up.rate *= throttle.factor })
    cluster.run(bound * STUCK)
    return reportOf(cluster, options).ratio
  }))
}
