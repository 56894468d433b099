import { Prng } from '@sluice/core'
import type { CommandPlan, FaultPlan, HostPlan, JobPlan, Plan } from './plan.ts'

const MBIT = 1e6 / 8
const RATES_MBIT = [2, 5, 10, 20, 50] as const
const MIN_NODES = 3
const MAX_NODES = 12
const MAX_JOBS = 3
const MAX_FAULTS = 5
/** Some fleets are told not to use all of their uplinks: less than most have, and enough for a live put. */
const CAPPED = 0.15
const CAPS_MBIT = [4, 10] as const
/** A base could bring its job to so few servers by itself: in most plans it must not, so that they hand it on as many servers do. */
const FEW_ERRANDS = 0.75
const ERRANDS = [1, 2, 4] as const
/** Faults happen while the jobs run, not long after. */
const FAULTS_MS = 3_000
/** A live put in a fleet of such uplinks must be one that can reach everybody. */
const LIVE_MBIT = 1
/**
 * By then whoever lives must be done. Small fleets take seconds; the rest is the
 * core's and the driver's own patience: hand-overs are taken back after 10 s,
 * the base re-issues at doubling intervals, the way back to it takes up to 30 s.
 */
const LIMIT_MS = 240_000

/** A small fleet, a few jobs, and whatever may go wrong, all of it from one seed. */
export function randomPlan (seed: number): Plan {
  const dice = new Dice(`plan/${seed}`)
  const nodes = dice.between(MIN_NODES, MAX_NODES)
  const uniform = dice.chance(0.4)
  const rate = dice.of(RATES_MBIT)
  const host = (): HostPlan => ({ up: (uniform ? rate : dice.of(RATES_MBIT)) * MBIT, down: (uniform ? rate : 50) * MBIT })
  const servers = Array.from({ length: nodes }, host).sort((a, b) => b.up - a.up)
  const faults = Array.from({ length: dice.between(0, MAX_FAULTS) }, () => faultOf(dice, nodes))
  const dead = new Set(faults.flatMap(fault => fault.kind === 'die' ? [fault.host] : []))
  return {
    seed,
    hosts: [host(), ...servers.map(server => dice.chance(0.1) ? { ...server, joinsMs: dice.between(500, FAULTS_MS) } : server)],
    links: { rttMs: dice.of([1, 10, 20, 40, 80]), rttSpread: dice.of([0, 0.5]), jitter: dice.of([0, 0.05, 0.3]), drift: dice.of([0, 0.2]), staleMs: dice.of([0, 0, 50]) },
    jobs: Array.from({ length: dice.chance(0.6) ? 1 : dice.between(2, MAX_JOBS) }, (_, index) => jobOf(dice, index, nodes)),
    // Somebody must live, and one dies once.
    faults: dead.size < nodes ? faults : faults.filter(({ kind }) => kind !== 'die'),
    limitMs: LIMIT_MS,
    peer: { ...capOf(new Dice(`cap/${seed}`)), ...errandsOf(new Dice(`errands/${seed}`)) },
    replay: `npm run sim -- --faults --seed ${seed}`
  }
}

class Dice {
  readonly #prng: Prng

  constructor (seed: string) {
    this.#prng = Prng.fromText(seed)
  }

  /** Both ends included. */
  between (low: number, high: number): number {
    return low + this.#prng.below(high - low + 1)
  }

  chance (share: number): boolean {
    return this.#prng.below(1_000) < share * 1_000
  }

  of<T> (choices: readonly T[]): T {
    return choices[this.#prng.below(choices.length)] as T
  }
}

function capOf (dice: Dice): Plan['peer'] {
  return dice.chance(CAPPED) ? { uploadRate: dice.of(CAPS_MBIT) * MBIT } : undefined
}

function errandsOf (dice: Dice): Plan['peer'] {
  return dice.chance(FEW_ERRANDS) ? { errands: dice.of(ERRANDS) } : undefined
}

function jobOf (dice: Dice, index: number, nodes: number): JobPlan {
  const all = Array.from({ length: nodes }, (_, rank) => rank + 1)
  const some = all.filter(() => dice.chance(0.7))
  const commands: CommandPlan[] = []
  let atMs = index === 0 ? 0 : dice.between(0, 2_000)
  const openMs = atMs
  for (let count = dice.between(1, 3); count > 0; count--) {
    commands.push(commandOf(dice, atMs, nodes))
    if (dice.chance(0.1)) commands.push({ kind: 'cancel', atMs: atMs + dice.between(0, 500), track: 0, seq: commands.length })
    atMs = Math.max(atMs, commands.at(-1)?.atMs ?? 0) + dice.between(0, 1_500)
  }
  commands.push({ kind: 'end', atMs, track: 0 })
  return { id: `job${index}`, atMs: openMs, priority: dice.between(0, 1), servers: some.length === 0 || dice.chance(0.7) ? all : some, commands }
}

function commandOf (dice: Dice, atMs: number, nodes: number): CommandPlan {
  const track = dice.between(0, 1)
  const kind = dice.between(1, 10)
  const chunkPieces = dice.of([1, 1, 2, 4])
  if (kind <= 2) return { kind: 'effect', atMs, track, failsAt: dice.chance(0.3) ? [dice.between(1, nodes)] : [] }
  // Live puts have a track of their own, or all behind them would wait; their chunks are mostly one piece, as the SDK cuts them.
  if (kind <= 4) return { kind: 'live', atMs, track: 2, pieces: dice.between(1, 24), chunkPieces: dice.chance(0.75) ? 1 : chunkPieces, rate: LIVE_MBIT * MBIT }
  return { kind: 'put', atMs, track, pieces: dice.between(1, 48), chunkPieces, rate: dice.chance(0.3) ? dice.of(RATES_MBIT) * MBIT : undefined }
}

function faultOf (dice: Dice, nodes: number): FaultPlan {
  const atMs = dice.between(100, FAULTS_MS)
  const node = dice.between(1, nodes)
  switch (dice.between(0, 6)) {
    case 0: return { kind: 'cut', atMs, a: node, b: dice.chance(0.5) ? 0 : dice.between(1, nodes) }
    case 1: return { kind: 'partition', atMs, untilMs: atMs + dice.between(100, 15_000), hosts: Array.from({ length: nodes + 1 }, (_, index) => index).filter(() => dice.chance(0.4)) }
    case 2: return { kind: 'crash', atMs, backMs: atMs + dice.between(100, 8_000), host: node }
    case 3: return { kind: 'crash', atMs, backMs: atMs + dice.between(100, 8_000), host: dice.chance(0.4) ? 0 : node }
    case 4: return { kind: 'slow', atMs, untilMs: dice.chance(0.5) ? atMs + dice.between(500, 8_000) : undefined, host: node, share: dice.of([0.5, 0.1, 0.02]) }
    case 5: return { kind: 'die', atMs, host: node, silent: dice.chance(0.5) }
    default: return { kind: 'corrupt', atMs, host: node }
  }
}
