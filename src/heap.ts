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

setFlagsFromString(`--semi-space-growth-factor=${GROWTH_FACTOR}`)
const firstBytes = youngBytes()
let survivors: object[] = []
for (let tries = 0; tries < MAX_TRIES && youngBytes() === firstBytes; tries++) survivors = [survivors, ...Array.from({ length: SURVIVORS }, (_, index) => ({ index }))]
setFlagsFromString('--semi-space-growth-factor=1')

/** What it can hold: its size alone is what it happens to use of that. */
function youngBytes (): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return young == null ? 0 : young.space_used_size + young.space_available_size
}
