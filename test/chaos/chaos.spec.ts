import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))
const RUNS = 10
/** Far beyond what they take: it ends a suite that would wait for ever. */
const LIMIT_MS = 600_000

describe('chaos', function () {
  this.timeout(LIMIT_MS)

  before(function () {
    // Its places are in /proc, /run and /dev/shm.
    if (process.platform !== 'linux') this.skip()
  })

  it(`${RUNS} runs of real processes and their faults: nothing is lost, everything is accounted for`, async () => {
    // What root has to be had for is left out where we are not, and said on stderr: then the table says so, too.
    const { stderr } = await promisify(execFile)(process.execPath, [MAIN, '--runs', String(RUNS), '--seed', '1', '--mib', '10', '--nodes', '4', '--quiet'], { timeout: LIMIT_MS }).catch((error: Error & { stdout: string }) => {
      throw new Error(`${error.message}\n${error.stdout}`, { cause: error })
    })
    if (stderr !== '') process.stderr.write(stderr)
  })
})
