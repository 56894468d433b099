import { expect } from 'chai'
import type { CommandInfo, JobInfo } from '../src/index.ts'
import { Network } from './network.ts'

const put = (seq: number, pieces: number, chunkPieces = 1): CommandInfo => ({ seq, track: 0, continueAfterFailure: false, body: { kind: 'put', pieces, chunkPieces } })
const end = (seq: number): CommandInfo => ({ seq, track: 0, continueAfterFailure: false, body: { kind: 'end' } })

function fleet (count: number): { network: Network, job: JobInfo } {
  const network = new Network()
  network.add('base')
  const servers = Array.from({ length: count }, (_, i) => `n${i}`)
  for (const server of servers) network.add(server)
  for (const server of servers) network.connect(server, 'base')
  return { network, job: { id: 'job', base: 'base', servers, rates: servers.map(() => 0), priority: 0 } }
}

function completed (network: Network): string[] {
  return [...network.hosts].filter(([name, host]) => name !== 'base' && host.receipts.some(receipt => receipt.startsWith('job-completed'))).map(([name]) => name)
}

describe('peer', () => {
  for (const count of [1, 2, 8, 16, 40]) {
    it(`brings a put to ${count} nodes, each approached once`, () => {
      const { network, job } = fleet(count)
      network.openJob('base', job)
      network.addCommand('base', 'job', put(1, 100))
      network.store('base', 'job', 1, 100)
      network.addCommand('base', 'job', end(2))
      network.run(60_000, () => completed(network).length === count)
      expect(completed(network)).to.have.length(count)
      for (const name of job.servers) expect(network.hosts.get(name)?.receipts).to.deep.equal(['job-received:0', 'command-completed:1', 'job-completed:2'])
      expect(network.handOvers).to.have.length(count)
      expect(network.bans).to.deep.equal([])
      const egress = [...network.sent].filter(([key]) => key.startsWith('base>')).reduce((sum, [, pieces]) => sum + pieces, 0)
      expect(egress, 'the base sends each chunk about once').to.be.within(100, 105)
    })
  }

  it('goes on when a node dies in the middle, and takes its ranges back', () => {
    const { network, job } = fleet(12)
    network.openJob('base', job)
    network.addCommand('base', 'job', put(1, 200, 2))
    network.store('base', 'job', 1, 200)
    network.addCommand('base', 'job', end(2))
    network.run(60)
    network.kill('n0')
    network.run(120)
    network.kill('n5')
    network.run(120_000, () => completed(network).length === 10)
    expect(completed(network)).to.have.length(10)
  })

  it('carries commands that are added while the job runs', () => {
    const { network, job } = fleet(9)
    network.openJob('base', job)
    network.run(500)
    network.addCommand('base', 'job', put(1, 10))
    network.store('base', 'job', 1, 10)
    network.run(1_000)
    network.addCommand('base', 'job', put(2, 30))
    network.store('base', 'job', 2, 30)
    network.addCommand('base', 'job', end(3))
    network.run(60_000, () => completed(network).length === 9)
    expect(completed(network)).to.have.length(9)
  })
})
