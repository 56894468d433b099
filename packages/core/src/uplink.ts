import type { Effect } from './effect.ts'
import { InCompany } from './in-company.ts'
import { COMPANY_PIECES, FRESH_SHARE, FRESH_SHARE_OF_ONE, INITIAL_WINDOW_PIECES, MAX_QUEUED_REQUESTS, MAX_WAITING_PUSHES, MAX_WINDOW_PIECES, MIN_WINDOW_PIECES, PIECE_BYTES, PUSH_LINE_MS, PUSH_WINDOW, WINDOW_MS } from './limits.ts'
import { Line } from './line.ts'
import type { Message } from './message.ts'
import { Overdue } from './overdue.ts'
import { companyMs } from './policies/company.ts'
import { rarestWaiting } from './policies/lane-order.ts'
import { leastPush, nextPush } from './policies/push-order.ts'
import { RecentTurns } from './recent-turns.ts'
import { isPushed, type Pushed, type Serving, urgentOf } from './serving.ts'
import { Window } from './window.ts'

export type { Serving } from './serving.ts'

/** A piece that leaves now. */
export interface Leaving {
  readonly peer: string
  readonly job: string
  readonly seq: number
  readonly piece: number
  readonly first: number | undefined
}

interface Lane {
  readonly queue: Serving[]
  inFlight: number
}

/** What a capped uplink may send at once, as a time: two of the driver's ticks. */
const BURST_MS = 50

/**
 * One peer's way out, for all jobs and receivers: a window of bytes in flight,
 * as a time, counted against the receivers' own acknowledgements because the
 * kernel's buffers are not ours. The lane with the fewest bytes in flight goes
 * next, so that all stay shallowly busy and a slow one gets less. One to whom the
 * acknowledgement of a large chunk's piece waits counts as having some fewer: a
 * piece takes it along.
 */
export class Uplink {
  readonly #lanes = new Map<string, Lane>()
  readonly #window = new Window()
  readonly #overdue = new Overdue()
  #inFlight = 0
  readonly #maxLanes: number
  #maxRate: number
  /** Pieces that may leave now under the configured cap. */
  #allowance = 1
  #refilledMs = 0
  /** … and whose turns were the last; empty without a cap. */
  readonly #turns = new RecentTurns()
  /** When it was last asked what may leave. */
  #nowMs = 0
  #pushes = 0
  #pushedLast = false
  readonly #line = new Line()
  readonly #company = new InCompany()

  /**
   * @param maxLanes - receivers served at once; 1 turns the seed's multiple node handling off
   * @param maxRate - configured cap in bytes per second; 0: none
   */
  constructor (maxLanes = Number.POSITIVE_INFINITY, maxRate = 0) {
    this.#maxLanes = maxLanes
    this.#maxRate = maxRate
  }

  /** Pieces that may be sent now. */
  get room (): number {
    return this.#roomIn(this.#window.pieces)
  }

  #roomIn (window: number): number {
    const room = Math.min(window - this.#counted, Math.max(window, INITIAL_WINDOW_PIECES) - this.#inFlight)
    return this.#maxRate === 0 ? room : Math.min(room, Math.floor(this.#allowance))
  }

  /** Pieces in flight that count in the window: in a small one not those that one receiver keeps for long from the others. */
  get #counted (): number {
    const { pieces } = this.#window
    return pieces >= INITIAL_WINDOW_PIECES || this.#inFlight < pieces ? this.#inFlight : this.#inFlight - this.#overdue.pieces(this.#nowMs)
  }

  /** Another cap, in bytes per second: somebody else has the rest of the line. Whether there is one does not change. */
  limit (maxRate: number): void {
    if (this.#maxRate > 0 && maxRate > 0) this.#maxRate = maxRate
  }

  /** What the line is said to do, in bytes per second: no cap. */
  claim (rate: number): void {
    this.#line.claim(rate)
  }

  /** Time has passed: the line takes more, and the cap allows more. A cap that was not used up is not saved for long. */
  refill (nowMs: number): void {
    this.#nowMs = nowMs
    if (this.#maxRate === 0) return
    const perMs = this.#maxRate / 1000 / PIECE_BYTES
    const elapsedMs = this.#refilledMs === 0 ? 0 : nowMs - this.#refilledMs
    this.#allowance = Math.min(Math.max(2, perMs * BURST_MS), this.#allowance + elapsedMs * perMs)
    this.#refilledMs = nowMs
  }

  /** Bytes per second, as measured while it was busy; 0 before. */
  get rate (): number {
    return this.#window.rate
  }

  get window (): number {
    return this.#window.pieces
  }

  get inFlight (): number {
    return this.#inFlight
  }

  /** Chunks that wait for their turn; those that viewers wait for have none. */
  queued (peer: string): number {
    const { queue } = this.#lanes.get(peer) ?? { queue: [] }
    return queue.length - urgentOf(queue)
  }

  /** @returns false if the receiver has more queued than any honest one asks for */
  enqueue (peer: string, serving: Serving): boolean {
    const { queue } = this.#lane(peer)
    const urgent = urgentOf(queue)
    if ((serving.urgent === true ? urgent : queue.length - urgent) >= MAX_QUEUED_REQUESTS) return false
    queue.splice(serving.urgent === true ? urgent : queue.length, 0, serving)
    return true
  }

  /** A chunk that is on its way to `peer`, or waits to be, goes ahead of others from here on. @returns whether it is */
  hurry (peer: string, job: string, seq: number, chunk: number): boolean {
    const queue = this.#lanes.get(peer)?.queue ?? []
    const at = queue.findIndex(serving => serving.chunk === chunk && serving.seq === seq && serving.job === job)
    const serving = queue[at]
    if (serving == null || serving.urgent === true) return serving != null
    queue.splice(at, 1)
    queue.splice(urgentOf(queue), 0, { ...serving, urgent: true })
    return true
  }

  /**
   * Pass a live piece on unasked.
   *
   * @param behind - how many get it from this receiver
   * @param receivers - how many there are: with more of them no single one may fill the window
   * @returns false if too many wait already that are more urgent, or too much is on its way there
   */
  push (peer: string, serving: Serving, behind: number, receivers: number): boolean {
    // Where one receiver is served after the other it is by what they ask for.
    if (this.#maxLanes !== Number.POSITIVE_INFINITY) return false
    const waiting = [...this.#waitingPushes()]
    const least = waiting.length < MAX_WAITING_PUSHES ? undefined : leastPush(waiting)
    if (least != null && least.push.behind > behind) return false
    const most = Math.max(MIN_WINDOW_PIECES, this.#window.pieces * (receivers <= 2 ? FRESH_SHARE_OF_ONE : FRESH_SHARE))
    const lane = this.#lane(peer)
    if (lane.inFlight >= most) return false
    if (least != null) this.cancel(least.push.to, least.job, least.seq, least.chunk)
    lane.queue.splice(urgentOf(lane.queue), 0, { ...serving, push: { to: peer, behind, turn: this.#pushes++ } })
    return true
  }

  * #waitingPushes (held: (serving: Serving) => boolean = () => true): Generator<Pushed> {
    if (this.#pushes === 0) return
    for (const { queue } of this.#lanes.values()) for (const serving of queue) if (isPushed(serving) && held(serving)) yield serving
  }

  cancel (peer: string, job: string, seq: number, chunk?: number): void {
    const lane = this.#lanes.get(peer)
    if (lane == null) return
    const kept = lane.queue.filter(serving => serving.job !== job || serving.seq !== seq || (chunk != null && serving.chunk !== chunk))
    lane.queue.splice(0, lane.queue.length, ...kept)
  }

  /** What a receiver has got from elsewhere meanwhile is not sent to it. */
  withdraw (peer: string, job: string, seq: number, has: (chunk: number) => boolean): void {
    const queue = this.#lanes.get(peer)?.queue
    if (queue == null || queue.length === 0) return
    const kept = queue.filter(serving => serving.job !== job || serving.seq !== seq || !has(serving.chunk))
    queue.splice(0, queue.length, ...kept)
  }

  /** Nothing of this put goes to anybody any more. */
  cancelPut (job: string, seq: number): void {
    for (const peer of this.#lanes.keys()) this.cancel(peer, job, seq)
  }

  /** Nothing of this job goes to anybody any more. */
  cancelJob (job: string): void {
    for (const { queue } of this.#lanes.values()) {
      const kept = queue.filter(serving => serving.job !== job)
      queue.splice(0, queue.length, ...kept)
    }
  }

  /**
   * The next piece to send, if the window has room and anybody waits.
   *
   * @param held - whether the next piece of a serving is here
   * @param weight - how much of the uplink a receiver should have beside others
   * @param announcers - how many have announced the chunk of a serving
   */
  next (held: (serving: Serving) => boolean = () => true, weight: (peer: string, serving: Serving) => number = () => 1, announcers: (serving: Serving) => number = () => 0): Leaving | undefined {
    const push = nextPush([...this.#waitingPushes(held)])
    // What stands in the line before it would leave before it.
    if (push != null && this.#line.backlogMs(this.#nowMs) > PUSH_LINE_MS) return undefined
    // More than a window only by what was measured: the one it starts with is a guess.
    const measured = Math.min(MAX_WINDOW_PIECES, this.#window.rate * WINDOW_MS * PUSH_WINDOW / 1000 / PIECE_BYTES)
    const pushable = this.#roomIn(Math.max(this.#window.pieces, measured)) > 0 ? push : undefined
    if (pushable == null && this.room <= 0) return undefined
    // One of each kind in turn: live pieces are not to be late, and what was asked for is not to wait for ever.
    const asked = this.room > 0 && (pushable == null || this.#pushedLast) ? this.#mostDeprived(held, weight, announcers) : undefined
    const best = asked ?? (pushable == null ? undefined : { peer: pushable.push.to, at: this.#lane(pushable.push.to).queue.indexOf(pushable) })
    if (best == null) {
      this.#window.rests()
      return undefined
    }
    this.#pushedLast = asked == null
    return this.#leave(best.peer, best.at)
  }

  /** Of what was asked for. */
  #mostDeprived (held: (serving: Serving) => boolean, weight: (peer: string, serving: Serving) => number, announcers: (serving: Serving) => number): { peer: string, at: number } | undefined {
    const active = [...this.#lanes.values()].filter(lane => lane.inFlight > 0).length
    const ready: Array<{ peer: string, lane: Lane, at: number, weight: number }> = []
    let heaviest = 0
    for (const [peer, lane] of this.#lanes) {
      if (lane.queue.length === 0 || (lane.inFlight === 0 && active >= this.#maxLanes)) continue
      // What is still on its way here itself waits; what is behind it need not.
      const at = rarestWaiting(lane.queue, serving => serving.push == null && held(serving), announcers)
      if (at < 0) continue
      const own = weight(peer, lane.queue[at] as Serving)
      ready.push({ peer, lane, at, weight: own })
      heaviest = Math.max(heaviest, own)
    }
    // In a window of four pieces a lane of five times the weight would leave the others none at all.
    const lightest = heaviest / (this.#window.pieces - 1)
    let best: typeof ready[number] | undefined
    let least = Number.POSITIVE_INFINITY
    for (const candidate of ready) {
      // To whom an acknowledgement waits is served sooner, but never before one with nothing under way that has waited longer.
      const fewer = this.#company.waits(candidate.peer, this.#nowMs) ? COMPANY_PIECES : 0
      const load = (Math.max(0, Math.max(candidate.lane.inFlight, this.#turns.of(candidate.peer)) - fewer) + 1) / Math.max(lightest, candidate.weight)
      if (load >= least) continue
      best = candidate
      least = load
    }
    return best == null ? undefined : { peer: best.peer, at: best.at }
  }

  #leave (peer: string, at: number): Leaving {
    const lane = this.#lanes.get(peer) as Lane
    const serving = lane.queue[at] as Serving
    const piece = serving.next++
    if (serving.next >= serving.end) lane.queue.splice(at, 1)
    lane.inFlight++
    this.#inFlight++
    this.#overdue.sent(peer, this.#nowMs)
    this.#window.sent(peer, lane.inFlight, this.#counted, this.#nowMs, serving.large)
    this.#allowance--
    if (this.#maxRate > 0) this.#turns.took(peer, this.#window.pieces - 1)
    this.#line.sent(this.#nowMs)
    this.#company.left(peer)
    // Last served goes last among equals.
    this.#lanes.delete(peer)
    this.#lanes.set(peer, lane)
    return { peer, job: serving.job, seq: serving.seq, piece, first: serving.first }
  }

  /** Pieces in flight to one receiver. */
  inFlightTo (peer: string): number {
    return this.#lanes.get(peer)?.inFlight ?? 0
  }

  /** A piece of this peer is here. Its acknowledgement waits for what goes there: a piece that goes there soon takes it along. @param large - it is of a large chunk */
  acknowledge (peer: string, large: boolean, nowMs: number): Effect {
    const message: Message = { type: 'acknowledge', pieces: 1, ...large ? { large } : {} }
    if (large) this.#company.said(peer, companyMs(message), nowMs)
    return { type: 'send', to: peer, message }
  }

  /** @param nowMs - if it is known when: a fast line's window goes by it */
  acknowledged (peer: string, pieces: number, nowMs?: number): void {
    const lane = this.#lanes.get(peer)
    if (lane == null) return
    const counted = Math.min(pieces, lane.inFlight)
    this.#window.acknowledged(peer, counted, nowMs)
    this.#overdue.acknowledged(peer, counted)
    lane.inFlight -= counted
    this.#inFlight -= counted
  }

  lost (peer: string): void {
    this.#company.left(peer)
    const lane = this.#lanes.get(peer)
    if (lane == null) return
    this.#inFlight -= lane.inFlight
    this.#lanes.delete(peer)
    this.#window.lost(peer)
    this.#overdue.lost(peer)
  }

  /** Measure. */
  tick (nowMs: number): void {
    const wasFull = this.#window.tick(nowMs, this.#inFlight, this.#counted)
    if (wasFull === true) this.#line.measured(this.#window.rate)
    else if (wasFull === false) this.#line.did(this.#window.rate)
  }

  #lane (peer: string): Lane {
    let lane = this.#lanes.get(peer)
    if (lane == null) this.#lanes.set(peer, lane = { queue: [], inFlight: 0 })
    return lane
  }
}
