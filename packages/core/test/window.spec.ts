import { expect } from 'chai'
import { INITIAL_WINDOW_PIECES, PIECE_BYTES } from '../src/index.ts'
import { Window } from '../src/window.ts'

/** A line of eight pieces in 10 ms. */
const PIECES = 8
const LINE_MBITS = PIECES * PIECE_BYTES * 8 / 10_000

/**
 * A window before such a line.
 *
 * @param offers - whether there is anything to send; then as much as the window takes
 * @param echoMs - how much later than it is out a piece is acknowledged
 * @returns the window in each step of 10 ms, and the rate from `fromMs` on in Mbit/s
 */
function run (echoMs: (nowMs: number) => number, { untilMs = 20_000, fromMs = 10_000, offers = (_nowMs: number): boolean => true } = {}): { windows: number[], mbits: number } {
  const window = new Window()
  const due: Array<{ atMs: number, pieces: number }> = []
  const windows: number[] = []
  let inFlight = 0
  let queued = 0
  let out = 0
  for (let nowMs = 10; nowMs < untilMs; nowMs += 10) {
    while (inFlight < window.pieces && offers(nowMs)) {
      queued++
      inFlight++
      window.sent('a', inFlight, inFlight, nowMs)
    }
    if (inFlight < window.pieces) window.rests()
    const pieces = Math.min(PIECES, queued)
    queued -= pieces
    if (nowMs >= fromMs) out += pieces
    due.push({ atMs: nowMs + echoMs(nowMs), pieces })
    while (due[0] != null && due[0].atMs <= nowMs) {
      const { pieces } = due.shift() as { pieces: number }
      inFlight -= pieces
      window.acknowledged('a', pieces, nowMs)
    }
    window.tick(nowMs, inFlight)
    windows.push(window.pieces)
  }
  return { windows, mbits: out * PIECE_BYTES * 8 / 1000 / (untilMs - fromMs) }
}

describe('window', () => {
  it('begins with a guess, and knows no rate', () => {
    const window = new Window()
    expect([window.pieces, window.rate]).to.deep.equal([INITIAL_WINDOW_PIECES, 0])
  })

  it('keeps less under way on a fast line whose receivers are near, and keeps it busy', () => {
    const [near, far] = [20, 80].map(echoMs => run(() => echoMs))
    expect(near?.windows.at(-1)).to.be.below(far?.windows.at(-1) as number)
    for (const { mbits } of [near, far] as Array<ReturnType<typeof run>>) expect(mbits).to.be.closeTo(LINE_MBITS, LINE_MBITS / 20)
  })

  it('gives a line the whole window when its receivers have much else to do', () => {
    // What is acknowledged in 20 ms at best takes 100 from the second second on.
    const { mbits, windows } = run(nowMs => nowMs < 2_000 ? 20 : 100, { untilMs: 60_000 })
    expect(mbits).to.be.above(LINE_MBITS * 0.85)
    expect(Math.max(...windows)).to.be.at.least(Math.floor(LINE_MBITS * 130_000 / 8 / PIECE_BYTES))
  })

  it('does not take a line for starved that had nothing to send', () => {
    // Full for a while in each half second, and empty for a while.
    const { mbits, windows } = run(() => 20, { offers: nowMs => nowMs < 3_000 || nowMs % 500 < 300 })
    expect(mbits).to.be.below(LINE_MBITS * 0.75)
    expect(Math.max(...windows.slice(500))).to.be.at.most(Math.max(...run(() => 20).windows.slice(500)))
  })
})
