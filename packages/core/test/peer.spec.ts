import { expect } from 'chai'
import fc from 'fast-check'
import { InvariantError, Peer, Prng, type Input } from '../src/index.ts'
import { cancel, effect, end, Fleet, put } from './fleet.ts'

/** A fleet with one put of `pieces` and the end, run until everybody who lives is done. */
function publish (count: number, pieces: number, chunkPieces: number, rates?: (rank: number) => number): Fleet {
  const fleet = new Fleet(count, rates).open().put(1, pieces, chunkPieces).command(end(2))
  expect(fleet.run(60_000), 'everybody completes').to.equal(true)
  return fleet
}

describe('peer: without faults', () => {
  for (const count of [1, 2, 8, 16, 40]) {
    it(`brings a put to ${count} nodes, each approached once`, () => {
      const fleet = publish(count, 100, 1)
      for (const name of fleet.job.servers) expect(fleet.receipts(name)).to.deep.equal(['job-received:0', 'command-completed:1', 'job-completed:2'])
      expect(fleet.network.handOvers.map(pair => pair.split('>')[1]).sort()).to.deep.equal(fleet.job.servers.toSorted())
      expect(fleet.network.bans).to.deep.equal([])
      expect(fleet.egress, 'the base sends each chunk about once').to.be.within(100, 105)
      expect(fleet.closings.map(({ outcome }) => outcome)).to.deep.equal(['complete'])
    })
  }

  it('does so for any number of nodes and any cut, with pieces that come twice to nobody', () => {
    const topology = fc.record({ count: fc.integer({ min: 1, max: 12 }), pieces: fc.nat(80), chunkPieces: fc.integer({ min: 1, max: 8 }), slow: fc.nat(11) })
    fc.assert(fc.property(topology, ({ count, pieces, chunkPieces, slow }) => {
      const fleet = publish(count, pieces, chunkPieces, rank => rank * slow)
      expect(fleet.network.handOvers.map(pair => pair.split('>')[1]).sort()).to.deep.equal(fleet.job.servers.toSorted())
      expect(fleet.egress).to.be.within(pieces, pieces * 1.05)
      expect(fleet.network.bans).to.deep.equal([])
      expect(fleet.network.duplicates).to.be.at.most(pieces * count * 0.02)
    }), { numRuns: 25, seed: 7 })
  })

  it('does the same again from the same seeds', () => {
    const traces = [1, 2].map(() => {
      const fleet = new Fleet(6)
      fleet.network.trace = []
      fleet.open().put(1, 40, 2).command(end(2)).run(10_000)
      return fleet.network.trace
    })
    expect(traces[0]?.length).to.be.greaterThan(100)
    expect(traces[0]).to.deep.equal(traces[1])
  })

  it('carries commands that are added while the job runs', () => {
    const fleet = new Fleet(9).open()
    fleet.network.run(500)
    fleet.put(1, 10)
    fleet.network.run(1_000)
    fleet.put(2, 30).command(effect(3)).command(end(4))
    expect(fleet.run(60_000)).to.equal(true)
    expect(fleet.receipts('n8')).to.deep.equal(['job-received:0', 'command-completed:1', 'command-completed:2', 'command-completed:3', 'job-completed:4'])
  })

  it('brings a lossy put to an end without what its uplinks cannot carry, and all of another beside it', () => {
    const fleet = new Fleet(4).open().command(put(1, undefined, 1, { lossy: { deadlineMs: 400, firstPiece: 1 } }))
    // A piece a millisecond; an uplink takes five for each.
    for (let piece = 0; piece < 1_000; piece++) fleet.network.at(100 + piece, () => fleet.network.storePieces('base', 'job', 1, piece, piece + 1))
    fleet.network.at(1_200, () => { fleet.network.close('base', 'job', 1, 1_000) })
    fleet.put(2, 50).command(end(3))
    expect(fleet.run(60_000)).to.equal(true)
    for (const name of fleet.job.servers) {
      expect(fleet.receipts(name)).to.include.members(['command-completed:1', 'command-completed:2', 'job-completed:3'])
      const pieces = fleet.network.record(name, 'job').pieces.get(1)
      expect(pieces?.count, 'not all of it').to.be.within(50, 900)
      expect(pieces?.has(0), 'the manifest').to.equal(true)
      expect(pieces?.has(999), 'the newest').to.equal(true)
    }
    expect(fleet.closings.map(({ outcome }) => outcome)).to.deep.equal(['complete'])
  })

  it('gives a put to those that take it, where another has no room for it', () => {
    const fleet = new Fleet(3).open().command(put(1, 60))
    const { network } = fleet
    network.onReceipt = (name, receipt) => { if (receipt === 'command-failed:1') network.at(network.nowMs + 5, () => network.input('base', { type: 'declined', job: 'job', seq: 1, peer: name })) }
    network.run(100)
    network.input('n1', { type: 'mediaFailed', job: 'job', seq: 1, reason: 'no room' })
    network.run(200)
    network.store('base', 'job', 1, 60)
    fleet.command(end(2))
    expect(fleet.run(60_000)).to.equal(true)
    expect(fleet.receipts('n0')).to.include('command-completed:1')
    expect(fleet.receipts('n2')).to.include('command-completed:1')
    expect([...network.sent].filter(([pair]) => pair.endsWith('>n1')), 'nothing is sent to it').to.deep.equal([])
  })

  it('passes a live put on while it is produced', () => {
    const fleet = new Fleet(5).open().command(put(1, undefined))
    for (let piece = 0; piece < 100; piece++) fleet.network.at(100 + piece * 20, () => fleet.network.storePieces('base', 'job', 1, piece, piece + 1))
    fleet.network.run(2_000)
    for (const name of fleet.job.servers) expect(fleet.network.record(name, 'job').pieces.get(1)?.count).to.be.greaterThan(85)
    fleet.network.run(2_200)
    fleet.network.close('base', 'job', 1, 100)
    fleet.command(end(2))
    expect(fleet.run(10_000)).to.equal(true)
    expect(fleet.egress).to.be.within(100, 105)
  })

  it('pushes a live put: nobody asks for a piece, and nobody gets one twice', () => {
    const fleet = new Fleet(30).open().command(put(1, undefined))
    const asked: number[] = []
    fleet.network.drop = (_from, _to, sent) => {
      if (sent.type === 'send' && sent.message.type === 'request') asked.push(sent.message.chunk)
      return false
    }
    const produce = (first: number, end: number): void => {
      for (let piece = first; piece < end; piece++) fleet.network.at(fleet.network.nowMs + (piece - first) * 10, () => fleet.network.storePieces('base', 'job', 1, piece, piece + 1))
    }
    fleet.network.run(2_000)
    produce(0, 100)
    fleet.network.run(4_000)
    for (const name of fleet.job.servers) expect(fleet.network.record(name, 'job').pieces.get(1)?.count, name).to.equal(100)
    expect(asked).to.deep.equal([])
    expect(fleet.network.duplicates).to.equal(0)
    // Without one of them: what it would have passed on is asked for.
    fleet.network.kill('n7')
    produce(100, 200)
    fleet.network.run(8_000)
    for (const name of fleet.job.servers) if (name !== 'n7') expect(fleet.network.record(name, 'job').pieces.get(1)?.count, name).to.equal(200)
    expect(asked).not.to.deep.equal([])
  })

  it('takes nothing from nodes at the base, and sends nothing to it', () => {
    const fleet = publish(4, 50, 1)
    expect([...fleet.network.sent.keys()].filter(pair => pair.endsWith('>base'))).to.deep.equal([])
  })
})

describe('peer: commands', () => {
  for (const { name, commands, fails, expected } of [
    { name: 'reports a failure, and what it blocks', commands: [effect(1), effect(2), end(3)], fails: 1, expected: ['command-failed:1', 'command-failed:2', 'job-completed:3'] },
    { name: 'goes on past a failure that may be passed', commands: [{ ...effect(1), continueAfterFailure: true }, effect(2), end(3)], fails: 1, expected: ['command-failed:1', 'command-completed:2', 'job-completed:3'] },
    { name: 'goes on with other tracks', commands: [effect(1, 1), effect(2, 2), end(3)], fails: 1, expected: ['command-failed:1', 'command-completed:2', 'job-completed:3'] },
    { name: 'cancels a put that has not come', commands: [put(1, 5, 1, { track: 1 }), cancel(2, 1), end(3)], fails: 0, expected: ['command-failed:1', 'command-completed:2', 'job-completed:3'] },
    { name: 'cancels nothing that is done, or unknown', commands: [effect(1), cancel(2, 1), cancel(3, 9), end(4)], fails: 0, expected: ['command-completed:1', 'command-completed:2', 'command-completed:3', 'job-completed:4'] }
  ]) {
    it(name, () => {
      const fleet = new Fleet(2).open()
      fleet.network.execute = (_, seq) => seq === fails ? 'failed' : 'completed'
      for (const command of commands) fleet.command(command)
      expect(fleet.run(20_000)).to.equal(true)
      for (const server of fleet.job.servers) expect(fleet.receipts(server)).to.have.members(['job-received:0', ...expected])
    })
  }

  it('fails a put whose pages contradict each other, and tells the rest', () => {
    const fleet = new Fleet(3).open().command(put(1, 5)).command(end(2))
    fleet.network.run(200)
    fleet.network.input('n1', { type: 'mediaFailed', job: 'job', seq: 1, reason: 'diverged' })
    fleet.network.store('base', 'job', 1, 5)
    expect(fleet.run(20_000)).to.equal(true)
    expect(fleet.closings[0]?.servers.map(({ state }) => state)).to.deep.equal(['complete', 'failed', 'complete'])
  })

  it('gives notices where the job asks for them', () => {
    const peer = new Peer({ self: 'a', prng: new Prng(1) })
    const job = { id: 'job', base: 'base', servers: ['a'], rates: [0], priority: 0, notices: ['command-received', 'command-started'] }
    const inputs: Input[] = [
      { type: 'jobAdded', job, ranges: [], restored: false },
      { type: 'commandAdded', job: 'job', command: put(1, 2) },
      { type: 'pieceStored', job: 'job', seq: 1, piece: 0, bytes: 1, from: 'base' },
      { type: 'pieceStored', job: 'job', seq: 1, piece: 1, bytes: 1, from: 'base' }
    ]
    const kinds = inputs.flatMap(input => peer.handle(input, 0)).flatMap(given => given.type === 'receipt' ? [`${given.kind}:${given.seq}`] : [])
    expect(kinds).to.deep.equal(['job-received:0', 'command-received:1', 'command-started:1'])
  })

  it('is for its servers and its base alone', () => {
    const peer = new Peer({ self: 'x', prng: new Prng(1) })
    expect(() => peer.handle({ type: 'jobAdded', job: { id: 'job', base: 'base', servers: ['a'], rates: [0], priority: 0 }, ranges: [], restored: false }, 0)).to.throw(InvariantError)
  })

  it('is busy and has a status while it has a job', () => {
    const fleet = publish(1, 3, 1)
    const { peer } = fleet.network.host('n0')
    expect(peer.status('job')?.commands[0]).to.deep.equal({ seq: 1, state: { state: 'completed' }, bytes: 3 * 65536, source: 'base', switches: 0 })
    fleet.network.input('n0', { type: 'jobClosed', job: 'job' })
    expect([peer.busy, peer.status('job')]).to.deep.equal([false, undefined])
    fleet.network.input('n0', { type: 'executed', job: 'job', seq: 1, outcome: { state: 'completed' } })
  })
})

describe('peer: with faults', () => {
  it('goes on when nodes die in the middle, and takes their ranges back', () => {
    const fleet = new Fleet(12).open().put(1, 200, 2).command(end(2))
    fleet.network.run(60)
    fleet.network.kill('n0')
    fleet.network.run(120)
    fleet.network.kill('n5')
    expect(fleet.run(120_000)).to.equal(true)
    expect(fleet.completed).to.have.length(10)
  })

  it('goes on where a killed node left off', () => {
    const fleet = new Fleet(3).open().put(1, 200).command(end(2))
    fleet.network.run(500)
    fleet.network.kill('n0')
    const held = fleet.network.record('n0', 'job').pieces.get(1)?.count ?? 0
    expect(held).to.be.within(20, 190)
    fleet.network.run(1_000)
    fleet.network.restart('n0')
    const { duplicates } = fleet.network
    expect(fleet.run(60_000)).to.equal(true)
    expect(fleet.network.duplicates - duplicates, 'what it held is not sent again').to.be.at.most(20)
    expect(fleet.receipts('n0')).to.deep.equal(['job-received:0', 'command-completed:1', 'job-completed:2'])
  })

  it('repeats nothing that is done after a restart', () => {
    const fleet = publish(3, 20, 1)
    const executed: number[] = []
    fleet.network.execute = (_, seq) => { executed.push(seq); return 'completed' }
    fleet.network.restart('n1')
    fleet.network.run(fleet.network.nowMs + 5_000)
    expect(executed).to.deep.equal([])
    expect(fleet.network.host('n1').peer.status('job')?.completed).to.equal(true)
  })

  it('reaches everybody though the base is restarted', () => {
    const fleet = new Fleet(6).open().put(1, 200).command(end(2))
    fleet.network.run(500)
    fleet.network.restart('base')
    expect(fleet.run(120_000)).to.equal(true)
  })

  it('bans who sends bytes that do not match their hash, and gets them elsewhere', () => {
    const fleet = new Fleet(6).open()
    fleet.network.corrupt = from => from === 'n2'
    fleet.put(1, 100).command(end(2))
    expect(fleet.run(60_000)).to.equal(true)
    expect(fleet.network.bans.length).to.be.greaterThan(0)
    expect(fleet.network.bans.every(ban => ban.includes(': n2: '))).to.equal(true)
  })

  it('passes by an uplink that is a hundred times slower than the rest', () => {
    const fleet = new Fleet(6)
    fleet.network.pieceMs.set('n1', 500)
    fleet.open().put(1, 200).command(end(2))
    expect(fleet.run(30_000)).to.equal(true)
  })

  it('survives the loss of every tenth message', () => {
    const fleet = new Fleet(5).open()
    let count = 0
    fleet.network.drop = (_from, _to, lost) => (lost.type === 'handOver' || lost.type === 'send' && (lost.message.type === 'request' || lost.message.type === 'handoverAck')) && ++count % 10 === 0
    fleet.put(1, 100).command(end(2))
    expect(fleet.run(120_000)).to.equal(true)
  })

  it('fetches again what a disk has lost, though everything was there, and runs the put then', () => {
    const peer = new Peer({ self: 'n0', prng: Prng.fromText('lost') })
    const said = (input: Input): string[] => peer.handle(input, 0).map(it => it.type === 'send' ? `${it.message.type} to ${it.to}` : it.type)
    said({ type: 'connected', peer: 'n1' })
    said({ type: 'jobAdded', job: { id: 'job', base: 'base', servers: ['n0', 'n1'], rates: [0, 0], priority: 0 }, ranges: [], restored: false })
    said({ type: 'commandAdded', job: 'job', command: put(1, 1) })
    said({ type: 'message', from: 'n1', message: { type: 'laneOffer', job: 'job', rate: 1e6, head: 1 } })
    said({ type: 'message', from: 'n1', message: { type: 'have', job: 'job', seq: 1, chunks: [0] } })
    said({ type: 'mediaClosed', job: 'job', seq: 1, pieces: 1 })
    const stored: Input = { type: 'pieceStored', job: 'job', seq: 1, piece: 0, bytes: 65_536, from: 'n1' }
    expect(said(stored)).to.include('execute')
    expect(said({ type: 'pieceLost', job: 'job', seq: 1, piece: 0 })).to.include('request to n1')
    expect(peer.status('job')?.commands[0]?.state).to.deep.equal({ state: 'new' })
    expect(said(stored)).to.include('execute')
    expect(said({ type: 'executed', job: 'job', seq: 1, outcome: { state: 'completed' } })).to.include('receipt')
  })

  it('tells the truth of one that never comes back', () => {
    const fleet = new Fleet(4).open().put(1, 50).command(end(2))
    fleet.network.run(50)
    fleet.network.kill('n3')
    fleet.network.run(60_000, () => fleet.closings.length > 0)
    expect(fleet.closings[0]?.outcome).to.equal('partial')
    expect(fleet.closings[0]?.servers.map(({ state }) => state)).to.deep.equal(['complete', 'complete', 'complete', 'unreachable'])
  })

  it('brings everything to everybody who lives, whoever is killed, restarted or cut off', () => {
    const fault = fc.record({ atMs: fc.nat(4_000), node: fc.nat(11), other: fc.nat(11), kind: fc.constantFrom('kill', 'restart', 'disconnect', 'cut'), forMs: fc.integer({ min: 20, max: 4_000 }) })
    const schedule = fc.record({ count: fc.integer({ min: 1, max: 12 }), chunkPieces: fc.integer({ min: 1, max: 4 }), faults: fc.array(fault, { maxLength: 8 }) })
    fc.assert(fc.property(schedule, ({ count, chunkPieces, faults }) => {
      const fleet = new Fleet(count).open().put(1, 100, chunkPieces)
      const { network } = fleet
      for (const { atMs, node, other, kind, forMs } of faults) {
        const name = `n${node % count}`
        const partner = other % count === node % count ? 'base' : `n${other % count}`
        network.at(atMs, () => {
          if (kind === 'disconnect') network.disconnect(name, partner)
          else if (kind === 'cut') network.cut(name, partner)
          else network.kill(name)
        })
        network.at(atMs + forMs, () => {
          if (kind === 'cut') network.heal(name, partner)
          if (kind === 'restart' && !network.host(name).alive) network.restart(name)
        })
      }
      network.at(2_000, () => fleet.put(2, 30).command(end(3)))
      network.run(8_100)
      expect(fleet.run(240_000), `${fleet.alive.filter(name => !fleet.completed.includes(name)).join()} did not complete`).to.equal(true)
      for (const name of fleet.alive) expect(fleet.receipts(name)).to.have.members(['job-received:0', 'command-completed:1', 'command-completed:2', 'job-completed:3'])
      expect(network.bans).to.deep.equal([])
    }), { numRuns: 40, seed: 11 })
  })
})
