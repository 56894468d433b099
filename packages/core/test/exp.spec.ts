import { Fleet, put, end, effect, cancel } from './fleet.ts'
import { Peer, Prng, type Effect } from '../src/index.ts'

const say = (f: Fleet, text: string): void => console.log(`  ${text}: t=${f.network.nowMs} completed=${f.completed.length}/${f.job.servers.length} egress=${f.egress} dup=${f.network.duplicates} msgs=${f.network.messages} handovers=${f.network.handOvers.length} reissued=${f.reissued} bans=${f.network.bans.length} ${f.network.bans[0] ?? ''} closings=${JSON.stringify(f.closings.map(c => c.outcome))}`)
const job = { id: 'j', base: 'base', servers: ['a', 'b', 'c'], rates: [0, 0, 0], priority: 0 }

describe('exp', () => {
  it('a: too many requests', () => {
    const f = new Fleet(2).open()
    f.network.run(1000); f.network.cut('base', 'n1'); f.network.cut('n0', 'n1')
    f.network.pieceMs.set('base', 1); f.network.pieceMs.set('n0', 0.25)
    f.put(1, 8000).command(end(2))
    f.network.run(12_000); say(f, 'before')
    f.network.heal('n0', 'n1'); f.network.connect('n0', 'n1'); f.run(60_000); say(f, 'late2'); console.log(f.network.record('n1', 'job').pieces.get(1)?.count)
  })
  it('b: ping-pong', () => {
    const f = new Fleet(400).open()
    f.network.run(1000); const m = f.network.messages
    f.network.run(1100); console.log('   messages per 100 ms with nothing to do', f.network.messages - m)
  })
  it('c: base restart without ranges', () => {
    const f = new Fleet(6).open()
    f.network.run(1000); f.network.record('base', 'job').ranges = []; f.network.restart('base')
    f.network.run(5_000); f.put(1, 10); f.network.run(60_000)
    console.log('  ', f.job.servers.map(s => f.receipts(s).join()), f.network.handOvers.length)
  })
  it('d: cancel in progress', () => {
    const f = new Fleet(1).open(); f.network.execute = () => undefined
    f.put(1, 4); f.network.run(1000); f.command(cancel(2, 1)); f.network.run(2000)
    f.network.input('n0', { type: 'executed', job: 'job', seq: 1, outcome: { state: 'completed' } })
    console.log('  ', f.receipts('n0'))
  })
  it('e: unreachable while connected', () => {
    const f = new Fleet(2).open(); f.network.run(100)
    f.network.input('base', { type: 'unreachable', peer: 'n0' })
    f.network.input('n0', { type: 'unreachable', peer: 'base' })
    f.put(1, 20).command(end(2)); f.network.run(60_000); say(f, 'unreachable')
    console.log([...f.network.sent])
  })
  it('f: haves of strangers', () => {
    const p = new Peer({ self: 'base', prng: new Prng(1) })
    p.handle({ type: 'jobAdded', job, ranges: [], restored: false }, 0)
    p.handle({ type: 'connected', peer: 'a' }, 0)
    p.handle({ type: 'message', from: 'a', message: { type: 'laneAnswer', job: 'j', decision: 'accept' } }, 0)
    p.handle({ type: 'commandAdded', job: 'j', command: put(1, 10) }, 0)
    p.handle({ type: 'message', from: 'stranger', message: { type: 'bitfield', job: 'j', seq: 1, bits: new Uint8Array([255, 255]) } }, 0)
    const e: Effect[] = []
    for (let i = 0; i < 10; i++) e.push(...p.handle({ type: 'pieceStored', job: 'j', seq: 1, piece: i, bytes: 65536, from: undefined }, 0))
    p.handle({ type: 'mediaClosed', job: 'j', seq: 1, pieces: 10 }, 0)
    for (let t = 0; t < 20_000; t += 20) e.push(...p.handle({ type: 'tick' }, t))
    console.log('   pieces pushed', e.filter(x => x.type === 'sendPiece').length, e.filter(x => x.type === 'send').length)
    for (let i = 0; i < 100_000; i++) p.handle({ type: 'message', from: 'stranger', message: { type: 'have', job: 'j', seq: 1000 + i, chunks: [] } }, 0)
  })
  it('g: closed before command', () => {
    const p = new Peer({ self: 'a', prng: new Prng(1) })
    p.handle({ type: 'jobAdded', job, ranges: [], restored: false }, 0)
    p.handle({ type: 'mediaClosed', job: 'j', seq: 1, pieces: 2 }, 0)
    p.handle({ type: 'commandAdded', job: 'j', command: put(1, undefined) }, 0)
    p.handle({ type: 'pieceStored', job: 'j', seq: 1, piece: 0, bytes: 1, from: 'base' }, 0)
    console.log('  ', p.handle({ type: 'pieceStored', job: 'j', seq: 1, piece: 1, bytes: 1, from: 'base' }, 0).map(x => x.type))
  })
  it('h: leave after switched', () => {
    const p = new Peer({ self: 'a', prng: new Prng(1) })
    p.handle({ type: 'connected', peer: 'b' }, 0)
    p.handle({ type: 'jobAdded', job, ranges: [], restored: false }, 0)
    p.handle({ type: 'commandAdded', job: 'j', command: put(1, 40, 40) }, 0)
    p.handle({ type: 'message', from: 'b', message: { type: 'laneAnswer', job: 'j', decision: 'accept' } }, 0)
    for (let i = 0; i < 40; i++) p.handle({ type: 'pieceStored', job: 'j', seq: 1, piece: i, bytes: 65536, from: undefined }, 0)
    const e = p.handle({ type: 'message', from: 'b', message: { type: 'request', job: 'j', seq: 1, chunk: 0, offset: 0 } }, 0)
    p.handle({ type: 'message', from: 'b', message: { type: 'laneAnswer', job: 'j', decision: 'switched' } }, 0)
    const s = p.handle({ type: 'message', from: 'b', message: { type: 'acknowledge', pieces: 4 } }, 0)
    p.handle({ type: 'jobClosed', job: 'j' }, 0)
    const g = p.handle({ type: 'message', from: 'b', message: { type: 'acknowledge', pieces: 4 } }, 0)
    console.log('  ', e.filter(x => x.type === 'sendPiece').length, 'after switched', s.map(x => x.type), 'after close', g.map(x => x.type))
    console.log('   ack of a piece for a closed job', p.handle({ type: 'pieceStored', job: 'j', seq: 1, piece: 1, bytes: 1, from: 'b' }, 0))
  })
  it('j: reconnecting holder', () => {
    const f = new Fleet(4).open().command(put(1, undefined))
    f.network.run(100)
    for (let i = 0; i < 600; i++) f.network.at(100 + i * 25, () => f.network.storePieces('base', 'job', 1, i, i + 1))
    f.network.run(10_000); const before = new Map(f.network.sent); f.network.disconnect('base', 'n0'); f.network.run(15_200)
    for (const s of f.job.servers) console.log('   ', s, before.get(`base>${s}`), (f.network.sent.get(`base>${s}`) ?? 0) - (before.get(`base>${s}`) ?? 0))
  })
  it('k: unanswered request while lane moves', () => {
    const f = new Fleet(2).open().command(put(1, undefined))
    f.network.run(100)
    let dropped = 0
    f.network.drop = (_f, to, e) => e.type === 'send' && e.message.type === 'request' && to === 'n0' && dropped++ === 0
    for (let i = 0; i < 600; i++) f.network.at(100 + i * 25, () => f.network.storePieces('base', 'job', 1, i, i + 1))
    f.network.run(15_000); console.log('   ', f.network.record('n1', 'job').pieces.get(1)?.firstClear(0))
  })
  it('l: corrupt', () => {
    const f = new Fleet(6).open(); let n = 0
    f.network.corrupt = (from, _t, piece) => from === 'n2' && n++ === 5
    f.put(1, 100).command(end(2)); f.run(60_000); say(f, 'corrupt')
  })
  it('m: zero put', () => { const f = new Fleet(6).open().put(1, 0).command(end(2)); f.run(60_000); say(f, 'zero') })
  it('n: fuzz', () => {
    for (let seed = 0; seed < 60; seed++) {
      const prng = new Prng(seed * 7919)
      const n = 1 + prng.below(12); const f = new Fleet(n).open()
      const log: string[] = []
      for (let k = 0; k < 8; k++) {
        const at = prng.below(6000); const who = `n${prng.below(n)}`; const kind = prng.below(3); const back = 100 + prng.below(8000)
        log.push(`${at} ${who} ${['restart', 'kill', 'drop'][kind]} ${back}`)
        f.network.at(at, () => {
          if (kind < 2) { if (f.network.host(who).alive) { f.network.kill(who); if (kind === 0) f.network.at(at + back, () => { if (!f.network.host(who).alive) f.network.restart(who) }) } }
          else f.network.disconnect(who, prng.below(2) ? 'base' : `n${prng.below(n)}`)
        })
      }
      f.put(1, 150, 1 + prng.below(4)); f.network.at(3000, () => { f.put(2, 50); f.command(effect(3)); f.command(end(4)) })
      f.network.run(14_000)
      const ok = f.run(180_000)
      if (!ok || f.egress > 250) { say(f, `seed ${seed} n=${n} ${ok}`); console.log('    alive missing', f.alive.filter(a => !f.completed.includes(a)).map(a => `${a}: ${f.receipts(a)}`), log.join('; ')) }
    }
  })
})
