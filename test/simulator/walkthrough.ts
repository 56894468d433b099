import { runChecked } from './checked.ts'
import { Narrator } from './narrator.ts'
import { PIECE_BYTES, type Plan } from './plan.ts'

const MBIT = 1e6 / 8
/** One slow enough for its pieces to be told apart. */
const RATE = 8 * MBIT

/** Small enough to be read, large enough to show a hand-over, a loss, and a chunk that goes on from another source. */
const PLAN: Plan = {
  seed: 3,
  hosts: Array.from({ length: 4 }, () => ({ up: RATE, down: 2 * RATE })),
  links: { rttMs: 20, rttSpread: 0, jitter: 0, drift: 0, staleMs: 0 },
  jobs: [{
    id: 'job',
    atMs: 200,
    priority: 0,
    servers: [1, 2, 3],
    commands: [{ kind: 'put', atMs: 200, track: 0, pieces: 16, chunkPieces: 4 }, { kind: 'end', atMs: 200, track: 0 }]
  }],
  faults: [{ kind: 'cut', atMs: 1_200, a: 1, b: 2 }],
  limitMs: 60_000,
  // As in a large fleet: the base does not bring the job to everybody by itself.
  peer: { errands: 1 },
  replay: 'npm run sim -- --walkthrough'
}

const HEAD = `How a small job goes, step by step.

The base has a put of 16 pieces of ${PIECE_BYTES / 1024} KiB in 4 chunks, for the
nodes n0, n1 and n2. Everybody's uplink does 8 Mbit/s (66 ms a piece), a round trip takes 20 ms.
Once, the connection between n0 and n1 breaks. This is the production code of packages/core, run
by the simulator; \`npm run sim -- --walkthrough\` makes this text, and a test keeps it true.

A piece is the unit of verification, a chunk the unit of scheduling. The base gives each chunk out
once; nodes pass on what they have. Who hands the job on gives away part of the servers that are
still his to approach; here each approaches one at a time, and gives away half. Left out: acknowledgements of single pieces, and timers.

`

export function walkthrough (): string {
  let narrator: Narrator | undefined
  runChecked(PLAN, 1, world => narrator = new Narrator(world))
  return HEAD + (narrator as unknown as Narrator).text()
}
