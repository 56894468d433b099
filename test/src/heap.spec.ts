import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'

const HEAP = new URL('../../src/heap.js', import.meta.url).href
const MIB = 1024 * 1024
/** The process that is started ends by itself, or fails, before this. */
const LIMIT_MS = 30_000

/** Says what the young generation can hold: at first, after V8 took it back as it does after a rest, and when it has worked on for a while. */
const PROCESS = `
  import { getHeapSpaceStatistics } from 'node:v8'
  const young = () => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    return space.space_used_size + space.space_available_size
  }
  const first = young()
  gc({ type: 'major', flavor: 'last-resort' })
  const rested = young()
  const endMs = performance.now() + 15_000
  const look = () => {
    if (performance.now() > endMs || young() > rested) console.log(JSON.stringify({ first, rested, later: young() }))
    else setImmediate(look)
  }
  look()
`

async function run (): Promise<{ first: number, rested: number, later: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', HEAP, '--input-type=module', '--eval', PROCESS], { timeout: LIMIT_MS })
  return JSON.parse(stdout)
}

describe('heap', () => {
  it('gives the young generation 4 MiB, and again where V8 took them back and the process works on', async () => {
    const { first, rested, later } = await run()
    expect(first).to.be.within(3.5 * MIB, 4 * MIB)
    expect(rested).to.be.at.most(MIB)
    expect(later).to.be.within(3.5 * MIB, 4 * MIB)
  })
})
