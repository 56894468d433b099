import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeOddTree } from './media-tree.ts'

const run = promisify(execFile)

/** The documentation's examples are run as they stand. */
describe('docs/examples', () => {
  let fleet: LocalFleet
  let tree: string
  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 2 })
    tree = await writeOddTree(join(fleet.dir, 'tree'), 5)
    await fleet.startBase()
    for (const node of fleet.nodes) await fleet.startNode(node)
  })
  after(async () => { await fleet.stop() })

  async function example (name: string, as: string, stdin = ''): Promise<string> {
    const { dataDir } = fleet.providers[0] as Place
    const env = { ...process.env, SLUICE_BASE: fleet.address, SLUICE_PATH: tree, SLUICE_AS: as, SLUICE_DATA: dataDir }
    const running = run(process.execPath, [join('docs', 'examples', name)], { env })
    running.child.stdin?.end(stdin)
    return (await running).stdout
  }

  it('publish-directory prints the report', async () => {
    const closed = JSON.parse(await example('publish-directory.mjs', '/one')) as { type: string, outcome: string }
    expect(closed).to.include({ type: 'job.closed', outcome: 'complete' })
    for (const { mediaRoot, name } of fleet.nodes) expect(await readTree(join(mediaRoot, 'one')), name).to.deep.equal(await readTree(tree))
  })

  it('remote-media syncs, puts, changes, lists and fetches', async () => {
    const lines = (await example('remote-media.mjs', '/three')).trim().split('\n')
    expect(lines[0]).to.match(/^sync: complete, (\d+) of \d+ bytes had to travel$/)
    expect(lines.slice(1)).to.deep.equal([
      'again: complete, 0 bytes, 0 jobs',
      'file hello.txt 6 600 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
      'fetched 6 bytes, sha256 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
      'not-found: /three/nowhere does not exist'
    ])
  })

  it('live-media brings what comes from stdin', async () => {
    const media = 'as it comes '.repeat(20_000)
    expect(await example('live-media.mjs', '/four/x', media)).to.equal(`complete: ${media.length} bytes\n`)
    for (const { mediaRoot, name } of fleet.nodes) expect(readFileSync(join(mediaRoot, 'four/x'), 'utf8') === media, name).to.equal(true)
  })

  it('follow-progress ends with the evidence, verified', async () => {
    expect((await example('follow-progress.mjs', '/two')).trim().split('\n').at(-1)).to.equal('verified: 6 receipts of 2 servers')
  })
})
