import { setFlagsFromString } from 'node:v8'

/**
 * Pieces are large buffers outside of the JavaScript heap, each held by a small object in it. Left to itself V8
 * lets its young generation grow to 16 MiB and more; that takes seconds to fill with such objects, so the buffers
 * of 64 MiB wait behind them, and V8 marks the whole heap instead, twice a second. At its first size the young
 * generation is looked through often, in a few milliseconds each time. This has to be set before the program is
 * loaded, which makes the heap grow: `sluice.js` imports it first, and whoever starts main.js by itself gives it
 * to node as `--import`.
 */
setFlagsFromString('--semi-space-growth-factor=1')
