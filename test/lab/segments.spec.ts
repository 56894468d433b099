import { execFileSync, spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { SegmentCount, Way } from './segments.ts'

const PROGRAM = fileURLToPath(new URL('./segments.js', import.meta.url))
/** Messages beside the pieces of each way, as in segments.ts. */
const MESSAGES = 60
/** A link on which a piece takes 26 ms, with the packets of an Ethernet. */
const LINK = 'ip link set lo mtu 1500 up && tc qdisc add dev lo root tbf rate 20mbit burst 5000 limit 3000000'
const PATIENCE_MS = 60_000

/** Whether this process may make a network namespace and shape what is in it. */
function mayShape (): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['-n', 'sh', '-c', LINK]).status === 0
}

describe('segments of control messages', () => {
  it('of their own where nothing else is sent, and none beside pieces', function () {
    if (!mayShape()) {
      process.stderr.write('      skipped: it takes root, unshare and tc to count segments on a slow link\n')
      // Only a slow link that is all its own shows what the kernel makes of writes.
      this.skip()
    }
    const counts = JSON.parse(execFileSync('unshare', ['-n', 'sh', '-c', `${LINK} && exec "${process.execPath}" "${PROGRAM}"`], { encoding: 'utf8', timeout: PATIENCE_MS })) as Record<Way, SegmentCount>
    const extra = (way: Way): number => (counts[way].segments - counts.nothing.segments) / MESSAGES
    // A message of 40 bytes is a thirty-sixth of a segment. Half of one leaves room for a machine that is too busy to keep the line full.
    expect(extra('ahead'), 'ahead of a piece').to.be.below(0.5)
    expect(extra('behind'), 'behind what has not left yet').to.be.below(0.5)
    expect(extra('alone'), 'alone').to.be.within(0.9, 1.5)
  }).timeout(PATIENCE_MS)
})
