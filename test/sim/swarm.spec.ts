import { expect } from 'chai'
import { Cluster, type ClusterOptions } from '../simulator/cluster.ts'
import { EventQueue } from '../simulator/event-queue.ts'
import { fluidBound, reportOf, type RunReport } from '../simulator/report.ts'

const MBIT = 1e6 / 8

function options (nodes: number, seed: number): ClusterOptions {
  const host = { up: 100 * MBIT, down: 100 * MBIT }
  return { seed, hosts: Array.from({ length: nodes + 1 }, () => host), rttMs: 20, jitter: 0.05, pieces: 1024, chunkPieces: 1 }
}

function run (nodes: number, seed = 1): RunReport {
  const cluster = new Cluster(options(nodes, seed))
  cluster.run(fluidBound(options(nodes, seed)) * 20)
  return reportOf(cluster, options(nodes, seed))
}

describe('simulator', () => {
  it('lets things happen by time, then by the order they were asked for', () => {
    const queue = new EventQueue()
    const happened: string[] = []
    for (const [atUs, name] of [[5, 'c'], [1, 'a'], [5, 'd'], [3, 'b']] as const) queue.at(atUs, () => happened.push(name))
    while (queue.size > 0) queue.step()
    expect(happened.join('')).to.equal('abcd')
  })

  it('gives the same run for the same seed, and another for another', () => {
    expect(run(6, 7).traceHash).to.equal(run(6, 7).traceHash)
    expect(run(6, 7).traceHash).not.to.equal(run(6, 8).traceHash)
  })

  it('knows the fluid bound of a heterogeneous fleet', () => {
    const { hosts, ...rest } = options(8, 1)
    expect(fluidBound({ ...rest, hosts })).to.be.closeTo(1024 * 65536 / (100 * MBIT), 1e-9)
    const slow = hosts.map((host, index) => index === 0 ? host : { ...host, up: MBIT })
    expect(fluidBound({ ...rest, hosts: slow })).to.be.closeTo(8 * 1024 * 65536 / (108 * MBIT), 1e-9)
  })
})

describe('swarm over links', () => {
  // The bounds are what this scheduler reaches with some room; they are in virtual time and the same on every machine.
  for (const [nodes, bound] of [[1, 1.05], [8, 1.08], [16, 1.12]] as const) {
    it(`brings 64 MiB to ${nodes} nodes within ${bound} × the fluid bound, each byte leaving the base once`, () => {
      const report = run(nodes)
      expect(report.unfinished).to.equal(0)
      expect(report.ratio).to.be.at.most(bound)
      expect(report.baseEgress).to.be.at.most(1.05)
      expect(report.duplicateShare).to.be.at.most(0.01)
      expect(report.controlShare).to.be.at.most(0.005)
    })
  }
})
