import { expect } from 'chai'
import fc from 'fast-check'
import { INITIAL_WINDOW_PIECES, MAX_QUEUED_REQUESTS, MAX_WAITING_PUSHES, MAX_WINDOW_PIECES, MIN_WINDOW_PIECES, PIECE_BYTES, Uplink } from '../src/index.ts'

const serving = (chunk: number, pieces: number, job = 'job', seq = 1): Parameters<Uplink['enqueue']>[1] => ({ job, seq, chunk, next: chunk * 100, end: chunk * 100 + pieces })

function sendAll (uplink: Uplink): string[] {
  const sent: string[] = []
  for (let next = uplink.next(); next != null; next = uplink.next()) sent.push(`${next.peer}${next.piece}`)
  return sent
}

describe('uplink', () => {
  it('sends the pieces of a chunk in order, and nothing to nobody', () => {
    const uplink = new Uplink()
    expect(uplink.next()).to.equal(undefined)
    uplink.enqueue('a', serving(1, 3))
    expect(sendAll(uplink)).to.deep.equal(['a100', 'a101', 'a102'])
    expect(uplink.queued('a')).to.equal(0)
  })

  it('fills its window and no more, and goes on as acknowledgements come', () => {
    const uplink = new Uplink()
    uplink.enqueue('a', serving(0, 100))
    expect(sendAll(uplink)).to.have.length(INITIAL_WINDOW_PIECES)
    expect(uplink.room).to.equal(0)
    uplink.acknowledged('a', 2)
    expect(sendAll(uplink)).to.deep.equal([`a${INITIAL_WINDOW_PIECES}`, `a${INITIAL_WINDOW_PIECES + 1}`])
  })

  it('serves the lane with the fewest pieces in flight, in turn among equals', () => {
    const uplink = new Uplink()
    for (const peer of ['a', 'b']) uplink.enqueue(peer, serving(0, 100))
    expect(sendAll(uplink).slice(0, 4)).to.deep.equal(['a0', 'b0', 'a1', 'b1'])
    // A slow receiver gets less: b alone acknowledges.
    uplink.acknowledged('b', 4)
    expect(sendAll(uplink).every(sent => sent.startsWith('b'))).to.equal(true)
  })

  it('pushes what is the oldest, in turn with what was asked for', () => {
    const uplink = new Uplink()
    uplink.enqueue('a', serving(0, 3))
    for (const [at, peer] of ['c', 'b', 'b'].entries()) expect(uplink.push(peer, serving(at + 1, 1), 0, 3)).to.equal(true)
    expect(sendAll(uplink)).to.deep.equal(['c100', 'a0', 'b200', 'a1', 'b300', 'a2'])
  })

  it('pushes first what many others get from its receiver', () => {
    const uplink = new Uplink()
    for (const [at, behind] of [0, 2, 5].entries()) uplink.push('abc'.charAt(at), serving(at + 1, 1), behind, 3)
    expect(sendAll(uplink)).to.deep.equal(['c300', 'b200', 'a100'])
  })

  it('keeps pushes, and what was asked for, back while something stands in a line of known rate', () => {
    const uplink = new Uplink()
    uplink.claim(PIECE_BYTES * 100)
    uplink.refill(0)
    for (const chunk of [1, 2, 3]) uplink.push('a', serving(chunk, 1), 0, 3)
    uplink.enqueue('b', serving(0, 2))
    expect(sendAll(uplink), 'a piece takes 10 ms').to.deep.equal(['a100'])
    uplink.push('c', serving(4, 1), 1, 3)
    uplink.refill(2)
    expect(sendAll(uplink)).to.deep.equal(['b0'])
    uplink.refill(12)
    expect(sendAll(uplink), 'what many wait for needs not wait long').to.deep.equal(['c400'])
    uplink.refill(100)
    expect(sendAll(uplink)).to.deep.equal(['b1'])
  })

  it('pushes nothing more to somebody who has too much on its way, or when too much waits', () => {
    const uplink = new Uplink()
    const pushed = Array.from({ length: INITIAL_WINDOW_PIECES }, (_, at) => {
      const taken = uplink.push('slow', serving(at, 1), 0, 3)
      sendAll(uplink)
      return taken
    })
    expect(pushed.filter(taken => taken).length).to.be.within(MIN_WINDOW_PIECES, INITIAL_WINDOW_PIECES / 2)
    for (let at = 0; at < INITIAL_WINDOW_PIECES; at++) uplink.enqueue('b', serving(at, 1))
    sendAll(uplink)
    // Of those that are alike the one that waits longest is left out: its receiver will soon ask others.
    for (let at = 0; at <= MAX_WAITING_PUSHES; at++) uplink.push('c', serving(at, 1), 1, 3)
    expect(uplink.push('d', serving(98, 1), 0, 3), 'one behind whom nobody waits, where others wait behind all').to.equal(false)
    expect(uplink.push('d', serving(99, 1), 2, 3)).to.equal(true)
    uplink.cancel('b', 'job', 1)
    uplink.acknowledged('b', INITIAL_WINDOW_PIECES)
    const left = [...sendAll(uplink)]
    uplink.acknowledged('d', 1)
    uplink.acknowledged('c', INITIAL_WINDOW_PIECES)
    left.push(...sendAll(uplink))
    expect(left).to.deep.equal(['d9900', ...Array.from({ length: MAX_WAITING_PUSHES - 1 }, (_, at) => `c${(at + 2) * 100}`)])
  })

  it('does not push what was called off, or got there by another way', () => {
    const uplink = new Uplink()
    for (const chunk of [1, 2, 3]) uplink.push('a', serving(chunk, 1), 0, 3)
    uplink.cancel('a', 'job', 1, 1)
    uplink.withdraw('a', 'job', 1, chunk => chunk === 2)
    expect(sendAll(uplink)).to.deep.equal(['a300'])
  })

  it('gives more to a receiver that weighs more', () => {
    const uplink = new Uplink()
    for (const peer of ['fast', 'slow']) uplink.enqueue(peer, serving(0, 100))
    let fast = 0
    for (let i = 0; i < 12; i++) if (uplink.next(undefined, peer => peer === 'fast' ? 3 : 1)?.peer === 'fast') fast++
    expect(fast).to.equal(9)
  })

  it('leaves a receiver of little weight a part of the window, however small that is', () => {
    const uplink = new Uplink()
    // What is acknowledged slowly makes the window as small as it gets.
    uplink.enqueue('fast', serving(0, 10_000))
    for (let nowMs = 1; nowMs <= 20_001; nowMs += 1_000) {
      sendAll(uplink)
      uplink.acknowledged('fast', 1)
      uplink.tick(nowMs)
    }
    expect(uplink.window).to.equal(MIN_WINDOW_PIECES)
    uplink.acknowledged('fast', 1_000)
    uplink.enqueue('slow', serving(200, 100))
    const weight = (peer: string): number => peer === 'fast' ? 100 : 1
    const sent = Array.from({ length: MIN_WINDOW_PIECES }, () => uplink.next(undefined, weight)?.peer)
    expect(sent.filter(peer => peer === 'slow')).to.have.lengthOf(1)
  })

  it('passes over what is not here yet, and sends what is behind it', () => {
    const uplink = new Uplink()
    uplink.enqueue('a', serving(1, 3))
    uplink.enqueue('a', serving(2, 1))
    const held = ({ next }: { next: number }): boolean => next !== 101
    const sent: Array<number | undefined> = []
    for (let i = 0; i < 4; i++) sent.push(uplink.next(held)?.piece)
    expect(sent).to.deep.equal([100, 200, undefined, undefined])
    expect([uplink.next()?.piece, uplink.next()?.piece]).to.deep.equal([101, 102])
  })

  it('sends one receiver the chunk first that fewest have announced', () => {
    const uplink = new Uplink()
    for (const chunk of [1, 2, 3]) uplink.enqueue('a', serving(chunk, 1))
    const announcers = ({ chunk }: { chunk: number }): number => chunk === 2 ? 1 : 3
    expect([1, 2, 3].map(() => uplink.next(undefined, undefined, announcers)?.piece)).to.deep.equal([200, 100, 300])
  })

  it('sends what viewers wait for first, and hurries what was queued before, from where it is', () => {
    const uplink = new Uplink()
    for (const chunk of [1, 2]) uplink.enqueue('a', serving(chunk, 3))
    uplink.enqueue('a', { ...serving(3, 1), urgent: true })
    expect(uplink.queued('a'), 'they have no turn to wait for').to.equal(2)
    expect([uplink.next()?.piece, uplink.next()?.piece]).to.deep.equal([300, 100])
    expect(uplink.hurry('a', 'job', 1, 2)).to.equal(true)
    expect(uplink.hurry('a', 'job', 1, 1), 'behind those that hurried before').to.equal(true)
    expect([uplink.hurry('a', 'job', 1, 1), uplink.hurry('a', 'job', 2, 1), uplink.hurry('b', 'job', 1, 1)]).to.deep.equal([true, false, false])
    expect(sendAll(uplink)).to.deep.equal(['a200', 'a201', 'a202', 'a101', 'a102'])
  })

  it('has a limit for what hurries, too, and does not refuse others for it', () => {
    const uplink = new Uplink()
    for (let chunk = 0; chunk < MAX_QUEUED_REQUESTS; chunk++) expect(uplink.enqueue('a', { ...serving(chunk, 1), urgent: true })).to.equal(true)
    expect(uplink.enqueue('a', { ...serving(99, 1), urgent: true })).to.equal(false)
    expect(uplink.enqueue('a', serving(99, 1))).to.equal(true)
  })

  it('serves one receiver at a time where several are not allowed', () => {
    const uplink = new Uplink(1)
    for (const peer of ['a', 'b']) uplink.enqueue(peer, serving(0, 3))
    expect(sendAll(uplink)).to.deep.equal(['a0', 'a1', 'a2'])
    uplink.acknowledged('a', 3)
    expect(sendAll(uplink)).to.deep.equal(['b0', 'b1', 'b2'])
  })

  it('frees what a lost receiver had in flight', () => {
    const uplink = new Uplink()
    uplink.enqueue('a', serving(0, 100))
    sendAll(uplink)
    uplink.lost('a')
    expect([uplink.inFlight, uplink.queued('a'), uplink.room]).to.deep.equal([0, 0, INITIAL_WINDOW_PIECES])
    uplink.acknowledged('a', 5)
    expect(uplink.inFlight, 'an acknowledgement that comes late').to.equal(0)
  })

  it('keeps to a cap that changes', () => {
    const uplink = new Uplink(undefined, 100 * PIECE_BYTES)
    uplink.enqueue('a', serving(0, 10_000))
    const sentIn = (fromMs: number, toMs: number): number => {
      let sent = 0
      for (let nowMs = fromMs; nowMs < toMs; nowMs += 10) {
        uplink.refill(nowMs)
        const pieces = sendAll(uplink).length
        uplink.acknowledged('a', pieces)
        sent += pieces
      }
      return sent
    }
    expect(sentIn(1_000, 2_000)).to.be.within(95, 106)
    uplink.limit(20 * PIECE_BYTES)
    expect(sentIn(2_000, 3_000)).to.be.within(15, 26)
    uplink.limit(0)
    expect(sentIn(3_000, 4_000), 'no cap would be another decision').to.be.within(15, 26)
  })

  it('cancels a chunk, or a whole put, of one receiver', () => {
    const uplink = new Uplink()
    for (const chunk of [1, 2]) uplink.enqueue('a', serving(chunk, 1))
    uplink.enqueue('a', serving(3, 1, 'other'))
    uplink.enqueue('b', serving(1, 1))
    uplink.cancel('a', 'job', 1, 1)
    expect([uplink.queued('a'), uplink.queued('b')]).to.deep.equal([2, 1])
    uplink.cancel('a', 'job', 1)
    expect(sendAll(uplink)).to.have.members(['a300', 'b100'])
  })

  it('does not send what its receiver has got from elsewhere meanwhile', () => {
    const uplink = new Uplink()
    for (const chunk of [1, 2]) uplink.enqueue('a', serving(chunk, 1))
    uplink.enqueue('b', serving(1, 1))
    uplink.withdraw('a', 'job', 1, chunk => chunk === 1)
    uplink.withdraw('c', 'job', 1, () => true)
    expect(sendAll(uplink)).to.have.members(['a200', 'b100'])
  })

  it('has a limit for what one receiver may have queued', () => {
    const uplink = new Uplink()
    for (let chunk = 0; chunk < MAX_QUEUED_REQUESTS; chunk++) expect(uplink.enqueue('a', serving(chunk, 1))).to.equal(true)
    expect(uplink.enqueue('a', serving(99, 1))).to.equal(false)
    expect(uplink.enqueue('b', serving(0, 1))).to.equal(true)
  })

  /** A receiver at the end of a line that brings `perTick` pieces every 20 ms. */
  function settle (perTick: number): Uplink {
    const uplink = new Uplink()
    uplink.enqueue('a', { job: 'job', seq: 1, chunk: 0, next: 0, end: 1_000_000 })
    for (let nowMs = 1; nowMs < 10_000; nowMs += 20) {
      sendAll(uplink)
      uplink.acknowledged('a', Math.min(perTick, uplink.inFlight))
      uplink.tick(nowMs)
    }
    return uplink
  }

  for (const { perTick, least, most } of [
    { perTick: 0.02, least: MIN_WINDOW_PIECES, most: MIN_WINDOW_PIECES },
    { perTick: 0.1, least: 4, most: 6 },
    { perTick: 1, least: 5, most: INITIAL_WINDOW_PIECES },
    { perTick: 4, least: 20, most: 60 },
    { perTick: 400, least: MAX_WINDOW_PIECES, most: MAX_WINDOW_PIECES }
  ]) {
    it(`settles at a time's worth of ${perTick} pieces in 20 ms`, () => {
      expect(settle(perTick).window).to.be.within(least, most)
    })
  }

  it('keeps the window it begins with until the first acknowledgement', () => {
    const uplink = new Uplink()
    uplink.enqueue('a', serving(0, 100))
    sendAll(uplink)
    for (let nowMs = 1; nowMs < 2_000; nowMs += 20) uplink.tick(nowMs)
    expect([uplink.window, uplink.rate]).to.deep.equal([INITIAL_WINDOW_PIECES, 0])
    uplink.acknowledged('a', 1)
    for (let nowMs = 2_001; nowMs < 3_000; nowMs += 20) uplink.tick(nowMs)
    expect(uplink.window).to.equal(MIN_WINDOW_PIECES)
  })

  it('keeps to a configured cap, whatever its window would allow', () => {
    const uplink = new Uplink(Number.POSITIVE_INFINITY, 20 * PIECE_BYTES)
    uplink.enqueue('a', serving(0, 10_000))
    let sent = 0
    for (let nowMs = 1; nowMs <= 10_000; nowMs += 20) {
      uplink.refill(nowMs)
      const pieces = sendAll(uplink).length
      expect(pieces).to.be.at.most(1)
      sent += pieces
      uplink.acknowledged('a', pieces)
      uplink.tick(nowMs)
    }
    // That it reaches the cap is a known gap.
    expect(sent).to.be.within(150, 201)
  })

  it('learns nothing but "at least this" from a window that was never full', () => {
    const uplink = new Uplink()
    for (let nowMs = 1; nowMs < 5_000; nowMs += 20) {
      uplink.enqueue('a', serving(0, 1))
      sendAll(uplink)
      uplink.acknowledged('a', 1)
      uplink.tick(nowMs)
    }
    expect(uplink.window).to.equal(INITIAL_WINDOW_PIECES)
    expect(uplink.rate).to.be.greaterThan(0)
  })

  it('never has more in flight than its window when it sends, nor less than nothing', () => {
    const peer = fc.constantFrom('a', 'b', 'c')
    const step = fc.oneof(
      fc.record({ do: fc.constant('enqueue' as const), peer, amount: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constant('acknowledge' as const), peer, amount: fc.nat(50) }),
      fc.record({ do: fc.constant('lose' as const), peer, amount: fc.constant(0) }),
      fc.record({ do: fc.constant('cancel' as const), peer, amount: fc.nat(5) }),
      fc.record({ do: fc.constant('tick' as const), peer, amount: fc.nat(700) })
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const uplink = new Uplink()
      const flying = new Map<string, number>()
      let nowMs = 1
      steps.forEach((step, chunk) => {
        if (step.do === 'enqueue') uplink.enqueue(step.peer, serving(chunk, step.amount))
        if (step.do === 'cancel') uplink.cancel(step.peer, 'job', 1, step.amount)
        if (step.do === 'tick') uplink.tick(nowMs += step.amount)
        if (step.do === 'lose') {
          uplink.lost(step.peer)
          flying.delete(step.peer)
        }
        if (step.do === 'acknowledge') {
          uplink.acknowledged(step.peer, step.amount)
          flying.set(step.peer, Math.max(0, (flying.get(step.peer) ?? 0) - step.amount))
        }
        for (let next = uplink.next(); next != null; next = uplink.next()) {
          flying.set(next.peer, (flying.get(next.peer) ?? 0) + 1)
          expect(uplink.inFlight).to.be.at.most(uplink.window)
        }
        expect(uplink.inFlight).to.equal([...flying.values()].reduce((sum, count) => sum + count, 0))
        for (const [peer, count] of flying) expect(uplink.inFlightTo(peer)).to.equal(count)
        expect(uplink.window).to.be.within(MIN_WINDOW_PIECES, MAX_WINDOW_PIECES)
      })
    }))
  })
})
