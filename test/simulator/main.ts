import { parseArgs } from 'node:util'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { fluidBound, reportOf } from './report.ts'

const MBIT = 1e6 / 8
const PIECES_PER_MIB = 16

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '8' },
    mib: { type: 'string', default: '256' },
    mbit: { type: 'string', default: '100' },
    source: { type: 'string' },
    chunks: { type: 'string', default: '1024' },
    rtt: { type: 'string', default: '20' },
    jitter: { type: 'string', default: '0.05' },
    heterogeneous: { type: 'boolean', default: false }
  }
})

const nodes = Number(values.nodes)
const mbit = Number(values.mbit)
const pieces = Number(values.mib) * PIECES_PER_MIB
const runs = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.seed) + i)

for (const seed of runs) {
  // u ∈ {1, 2, 5} at 50, 30 and 20 %, downlinks 5, as in the performance notes.
  const factor = (rank: number): number => !values.heterogeneous ? 1 : rank < nodes * 0.2 ? 5 : rank < nodes * 0.5 ? 2 : 1
  const options: ClusterOptions = {
    seed,
    hosts: [
      { up: Number(values.source ?? (values.heterogeneous ? mbit * 2 : mbit)) * MBIT, down: mbit * MBIT },
      ...Array.from({ length: nodes }, (_, rank) => ({ up: mbit * factor(rank) * MBIT, down: mbit * (values.heterogeneous ? 5 : 1) * MBIT }))
    ],
    rttMs: Number(values.rtt),
    jitter: Number(values.jitter),
    pieces,
    chunkPieces: Math.max(1, Math.round(pieces / Number(values.chunks)))
  }
  const cluster = new Cluster(options)
  const startMs = performance.now()
  cluster.run(fluidBound(options) * 20)
  const report = reportOf(cluster, options)
  process.stdout.write(`${JSON.stringify({ seed, nodes, ...Object.fromEntries(Object.entries(report).map(([name, value]) => [name, Number(value.toFixed(4))])), cpuS: Number(((performance.now() - startMs) / 1000).toFixed(1)) })}\n`)
}
