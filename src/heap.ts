import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * Pieces are large buffers outside of the JavaScript heap, each held by a small object in it. Left to itself V8
 * lets its young generation grow to 16 MiB and more; that takes seconds to fill with such objects, so the buffers
 * of 64 MiB wait behind them, and V8 marks the whole heap instead, twice a second. At its first size, 1 MiB, it is
 * looked through ten times a second, and what is in use at two of these moments counts as old. So it grows once,
 * to 4 MiB, and no more. This has to be done before the program is loaded, which makes the heap grow: `sluice.js`
 * imports it first, and whoever starts main.js by itself gives it to node as `--import`.
 */
const GROWTH_FACTOR = 4
/** The heap grows when much of it survives: so many objects, most of its first size. */
const SURVIVORS = 20_000
/** It grew at the first or second try wherever it was seen; if not, the first size will do. */
const MAX_TRIES = 20

/**
 * V8 takes the young generation back to its first size while little is allocated, so in every process that has
 * rested for some seconds. It is looked at so often, in milliseconds, …
 */
const LOOK_MS = 1_000
/** … and grows anew where the process had this share of a core since the last look: one that rests needs no more. */
const BUSY_SHARE = 0.02

/**
 * A young generation of this size is looked through in a millisecond or two, sooner than V8's helper threads are
 * awake: with 17 processes on two cores each waited for four threads, 200 times in half a minute.
 */
setFlagsFromString('--no-parallel-scavenge')

const firstBytes = youngBytes()
grow()
let usedMs = cpuMs()
setInterval(() => {
  const nowMs = cpuMs()
  if (nowMs - usedMs > LOOK_MS * BUSY_SHARE && youngBytes() <= firstBytes) grow()
  usedMs = cpuMs()
}, LOOK_MS).unref()

function grow (): void {
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH_FACTOR}`)
  let survivors: object[] = []
  for (let tries = 0; tries < MAX_TRIES && youngBytes() <= firstBytes; tries++) survivors = [survivors, ...Array.from({ length: SURVIVORS }, (_, index) => ({ index }))]
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** What it can hold: its size alone is what it happens to use of that. */
function youngBytes (): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return young == null ? 0 : young.space_used_size + young.space_available_size
}

function cpuMs (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
