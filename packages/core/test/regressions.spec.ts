import { expect } from 'chai'
import { Base, MAX_INBOUND_LANES, Peer, PIECE_BYTES, Prng, Uplink, viewOf, type CommandInfo, type Effect, type Input, type JobInfo } from '../src/index.ts'
import { cancel, effect, end, Fleet, put } from './fleet.ts'

const JOB: JobInfo = { id: 'job', base: 'base', servers: ['a', 'b', 'c'], rates: [0, 0, 0], priority: 0 }

function play (self: string, inputs: readonly Input[], job = JOB): { peer: Peer, effects: Effect[] } {
  const peer = new Peer({ self, prng: new Prng(1) })
  const effects = peer.handle({ type: 'jobAdded', job, ranges: [], restored: false }, 0)
  for (const input of inputs) effects.push(...peer.handle(input, 0))
  return { peer, effects }
}

const command = (info: CommandInfo): Input => ({ type: 'commandAdded', job: 'job', command: info })
const piece = (index: number, from?: string): Input => ({ type: 'pieceStored', job: 'job', seq: 1, piece: index, bytes: PIECE_BYTES, from })
const answer = (from: string, decision: 'accept' | 'switched'): Input => ({ type: 'message', from, message: { type: 'laneAnswer', job: 'job', decision } })
const types = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type)

/** A live put: a piece every `everyMs`. */
function live (fleet: Fleet, pieces: number, everyMs: number): void {
  for (let index = 0; index < pieces; index++) fleet.network.at(fleet.network.nowMs + index * everyMs, () => fleet.network.storePieces('base', 'job', 1, index, index + 1))
}

describe('regressions', () => {
  it('1 stall: a source bans an honest receiver that asks it for more than 64 chunks', () => {
    const fleet = new Fleet(2).open()
    fleet.network.run(1_000)
    fleet.network.cut('base', 'n1')
    fleet.network.cut('n0', 'n1')
    fleet.network.pieceMs.set('base', 1)
    fleet.network.pieceMs.set('n0', 0.25)
    fleet.put(1, 2_000).command(end(2))
    fleet.network.run(5_000)
    fleet.network.heal('n0', 'n1')
    fleet.network.connect('n0', 'n1')
    fleet.network.run(20_000)
    expect(fleet.network.bans).to.deep.equal([])
  })

  it('2 stall: a live chunk whose only announced holder dies is never sent again', () => {
    const fleet = new Fleet(3).open().command(put(1, undefined))
    fleet.network.run(100)
    live(fleet, 200, 50)
    fleet.network.pieceMs.set('n0', 3_000)
    fleet.network.run(2_000)
    fleet.network.kill('n0')
    fleet.network.run(30_000)
    for (const name of ['n1', 'n2']) expect(fleet.network.record(name, 'job').pieces.get(1)?.firstClear(0)).to.equal(200)
  })

  it('3 repetition: a base that meets its only node again sends it what it has, every 5 s, for ever', () => {
    const fleet = new Fleet(1).open().put(1, 100)
    fleet.network.run(200)
    fleet.network.disconnect('base', 'n0')
    fleet.network.run(60_000)
    expect(fleet.egress).to.be.at.most(100 + 16)
  })

  it('4 repetition: a restarted base sends everything again, for ever', () => {
    const fleet = new Fleet(6).open().put(1, 200)
    fleet.network.run(500)
    fleet.network.restart('base')
    fleet.network.run(60_000)
    expect(fleet.egress).to.be.at.most(250)
  })

  it('5 stall: a base that is restarted with no ranges, as the driver does, brings new commands to nobody', () => {
    const fleet = new Fleet(4).open()
    fleet.network.run(1_000)
    fleet.network.record('base', 'job').ranges = []
    fleet.network.restart('base')
    fleet.network.run(5_000)
    fleet.put(1, 10)
    fleet.network.run(60_000)
    expect(fleet.receipts('n0')).to.include('command-completed:1')
  })

  it('6 wrong report: one hung server drags its parent to "unknown"', () => {
    const fleet = new Fleet(8).open()
    fleet.network.run(1_000)
    fleet.network.drop = (from, _to, lost) => from === 'n5' && lost.type === 'send'
    fleet.put(1, 20).command(end(2))
    fleet.network.run(60_000)
    expect(fleet.closings[0]?.servers.filter(({ state }) => state !== 'complete').map(({ peer }) => peer)).to.deep.equal(['n5'])
  })

  it('7 wrong receipt: a command under way is receipted as cancelled, and takes effect', () => {
    const { effects } = play('a', [command(effect(1)), command(cancel(2, 1)), { type: 'executed', job: 'job', seq: 1, outcome: { state: 'completed' } }])
    expect(effects.flatMap(given => given.type === 'receipt' ? [`${given.kind}:${given.seq}`] : [])).to.deep.equal(['job-received:0', 'command-completed:2', 'command-completed:1'])
  })

  it('8 wrong receipt: a cancel on the track of what it cancels is receipted as failed', () => {
    const { effects } = play('a', [command(put(1, 5)), command(cancel(2, 1))])
    expect(effects.flatMap(given => given.type === 'receipt' ? [`${given.kind}:${given.seq}`] : [])).to.deep.equal(['job-received:0', 'command-failed:1', 'command-completed:2'])
  })

  it('9 crash: a failure with thousands of commands behind it exhausts the stack', () => {
    const { effects } = play('a', [command(put(1, 5)), ...Array.from({ length: 6_000 }, (_, i) => command(effect(i + 2))), { type: 'mediaFailed', job: 'job', seq: 1, reason: 'full' }])
    expect(effects.filter(({ type }) => type === 'receipt')).to.have.length(6_002)
  })

  it('10 stall: a failed dial to somebody who is connected makes a peer deaf to him', () => {
    const fleet = new Fleet(2).open()
    fleet.network.run(100)
    fleet.network.input('base', { type: 'unreachable', peer: 'n0' })
    fleet.network.input('n0', { type: 'unreachable', peer: 'base' })
    fleet.put(1, 20).command(end(2))
    expect(fleet.run(60_000)).to.equal(true)
  })

  it('11 stall: haves of a stranger make the base keep chunks to itself', () => {
    const bitfield: Input = { type: 'message', from: 'stranger', message: { type: 'bitfield', job: 'job', seq: 1, bits: new Uint8Array([255]) } }
    const { effects } = play('base', [{ type: 'connected', peer: 'a' }, answer('a', 'accept'), command(put(1, 3)), bitfield, piece(0), piece(1), piece(2)])
    expect(types(effects).filter(type => type === 'sendPiece')).to.have.length(3)
  })

  it('12 growth: a have for a command that nobody can have makes a medium of it', () => {
    const { peer } = play('a', [])
    for (let seq = 0; seq < 3_000; seq++) peer.handle({ type: 'message', from: 'stranger', message: { type: 'have', job: 'job', seq: seq + 5_000_000, chunks: [0] } }, 0)
    expect(peer.pieces('job', 5_000_000)).to.equal(undefined)
  })

  it('13 leak: a piece for a job that was closed meanwhile is not acknowledged', () => {
    const { peer } = play('a', [command(put(1, 3)), { type: 'jobClosed', job: 'job' }])
    expect(types(peer.handle(piece(0, 'base'), 0))).to.deep.equal(['send'])
  })

  it('14 wrong effect: a job is left, and its pieces go on being sent to a receiver that had switched away', () => {
    const { peer } = play('a', [{ type: 'connected', peer: 'b' }, command(put(1, 40, 40)), answer('b', 'accept'), ...Array.from({ length: 40 }, (_, index) => piece(index)),
      { type: 'message', from: 'b', message: { type: 'request', job: 'job', seq: 1, chunk: 0, offset: 0 } }, answer('b', 'switched')])
    peer.handle({ type: 'jobClosed', job: 'job' }, 0)
    expect(types(peer.handle({ type: 'message', from: 'b', message: { type: 'acknowledge', pieces: 8 } }, 0))).to.deep.equal([])
  })

  it('15 storm: two peers with enough lanes refuse each other for ever', () => {
    const servers = Array.from({ length: MAX_INBOUND_LANES + 2 }, (_, i) => `n${i}`)
    const job = { ...JOB, servers, rates: servers.map(() => 0) }
    const others = servers.slice(2).map((from): Input => ({ type: 'message', from, message: { type: 'laneOffer', job: 'job', rate: 1_000, head: 0 } }))
    const peers = { n0: play('n0', others, job).peer, n1: play('n1', others, job).peer }
    let said = 0
    let queue = peers.n0.handle({ type: 'connected', peer: 'n1' }, 0).map(given => ({ from: 'n0', given }))
    while (queue.length > 0 && said < 100) {
      queue = queue.flatMap(({ from, given }) => {
        if (given.type !== 'send' || (given.to !== 'n0' && given.to !== 'n1')) return []
        said++
        const { to } = given
        return peers[to].handle({ type: 'message', from, message: given.message }, 0).map(given => ({ from: to, given }))
      })
    }
    expect(said).to.be.at.most(10)
  })

  it('16 waste: a cancelled put goes on being fetched', () => {
    const fleet = new Fleet(3).open().put(1, 400)
    fleet.network.run(300)
    fleet.command(cancel(2, 1))
    fleet.network.run(600)
    const before = [...fleet.network.sent.values()].reduce((sum, pieces) => sum + pieces, 0)
    fleet.network.run(20_000)
    expect([...fleet.network.sent.values()].reduce((sum, pieces) => sum + pieces, 0) - before).to.be.at.most(30)
  })

  it('17 stall: the final page before the command of an open-ended put is forgotten', () => {
    const { effects } = play('a', [{ type: 'mediaClosed', job: 'job', seq: 1, pieces: 2 }, command(put(1, undefined)), piece(0, 'base'), piece(1, 'base')])
    expect(types(effects)).to.include('execute')
  })

  it('18 repetition: the end of a job that took a while approaches all its servers again', () => {
    const base = new Base()
    base.handle({ type: 'jobOpened', job: { id: 'job', servers: ['a', 'b'], waitPeriodMs: 30_000, waitPeriods: 3, quorum: 0, expiresMs: 1e9 } }, 0)
    for (const peer of ['a', 'b']) base.handle({ type: 'receiptRecorded', job: 'job', peer, kind: 'job-received', seq: 0, reason: '' }, 100)
    base.handle({ type: 'commandAccepted', job: 'job', seq: 1, end: true }, 60_000)
    expect(base.handle({ type: 'tick' }, 60_020)).to.deep.equal([])
  })

  it('19 hot spot: a holder that reconnects gets all fresh chunks until it has had as many as the others', () => {
    const fleet = new Fleet(4).open().command(put(1, undefined))
    fleet.network.run(100)
    live(fleet, 600, 25)
    fleet.network.run(10_000)
    const before = fleet.network.sent.get('base>n0') ?? 0
    fleet.network.disconnect('base', 'n0')
    fleet.network.run(13_000)
    expect((fleet.network.sent.get('base>n0') ?? 0) - before).to.be.at.most(50)
  })

  it('20 stall: a request that was not understood is not repeated while its lane brings other chunks', () => {
    const fleet = new Fleet(2).open().command(put(1, undefined))
    fleet.network.run(100)
    let lost = 0
    fleet.network.drop = (_from, to, given) => given.type === 'send' && given.message.type === 'request' && to === 'n0' && lost++ === 0
    live(fleet, 600, 25)
    fleet.network.run(15_000)
    expect(fleet.network.record('n1', 'job').pieces.get(1)?.firstClear(0)).to.be.greaterThan(500)
  })

  it('21 repetition: over a slow uplink the base sends again what is still on its way', () => {
    const fleet = new Fleet(6)
    for (const name of fleet.network.hosts.keys()) fleet.network.pieceMs.set(name, 400)
    fleet.open().put(1, 100).command(end(2))
    expect(fleet.run(400_000)).to.equal(true)
    expect(fleet.network.duplicates).to.be.at.most(10)
    expect(fleet.egress).to.be.at.most(105)
  })

  it('22 reach: a random partner with a lower position is dialled by nobody', () => {
    const members = 60
    const servers = Array.from({ length: members - 1 }, (_, i) => `n${i}`)
    const { effects } = play('n58', [], { ...JOB, servers, rates: servers.map(() => 0) })
    const dialled = effects.filter(({ type }) => type === 'connect').length
    const mutual = [...viewOf('job', 59, members)].filter(other => viewOf('job', other, members).has(59)).length
    expect(dialled).to.be.at.least(viewOf('job', 59, members).size - mutual)
  })

  it('23 rate: a cap of the uplink is not reached, as allowance above one piece is lost', () => {
    const uplink = new Uplink(Number.POSITIVE_INFINITY, 20 * PIECE_BYTES)
    uplink.enqueue('a', { job: 'job', seq: 1, chunk: 0, next: 0, end: 10_000 })
    let sent = 0
    for (let nowMs = 1; nowMs <= 10_000; nowMs += 20) {
      uplink.refill(nowMs)
      while (uplink.next() != null) sent++
      uplink.acknowledged('a', uplink.inFlight)
    }
    expect(sent).to.be.at.least(195)
  })

  it('24 stall: of a path that is written anew faster than turns come, no version is ever shown', () => {
    const replacing = (seq: number): CommandInfo => ({ ...put(seq, 1), supersedes: [2, 4, 6].filter(earlier => earlier < seq) })
    const arrives = (seq: number): Input[] => [{ type: 'mediaClosed', job: 'job', seq, pieces: 1 }, { type: 'pieceStored', job: 'job', seq, piece: 0, bytes: PIECE_BYTES, from: 'base' }]
    // A channel: segments 1, 3 and 5, each with its playlist behind it. The segments are late, the playlists are not.
    const { peer, effects } = play('a', [command(put(1, 1)), command(replacing(2)), command(put(3, 1)), command(replacing(4)), command(put(5, 1)), command(replacing(6)), ...arrives(2), ...arrives(6)])
    const receipts = (): string[] => effects.flatMap(effect => effect.type === 'receipt' && effect.seq > 0 ? [`${effect.kind}:${effect.seq}`] : [])
    expect(receipts(), 'what is not here is left out, what is here stays').to.deep.equal(['command-superseded:4'])
    for (const seq of [1, 2]) effects.push(...seq === 1 ? arrives(1).flatMap(input => peer.handle(input, 0)) : [], ...peer.handle({ type: 'executed', job: 'job', seq, outcome: { state: 'completed' } }, 0))
    expect(receipts()).to.deep.equal(['command-superseded:4', 'command-completed:1', 'command-completed:2'])
  })
})
