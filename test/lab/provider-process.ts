import process from 'node:process'
import { createProvider } from '@sluice/sdk'

/**
 * The lab's provider, on the base's own host: it waits until it is told to go,
 * so that the start of a process is in nobody's time. Arguments: data folder,
 * base's address, the file, and where it is published.
 */
const [dataDir = '', base = '', file = '', destination = ''] = process.argv.slice(2)
const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }
/** The clock that nodes sign with: monotonic, and close to the wall clock. */
const nowMs = (): number => performance.timeOrigin + performance.now()

process.on('disconnect', () => process.exit(1))
const provider = await createProvider({ dataDir, base })
say({ msg: 'ready' })
process.on('message', message => {
  const { ask } = message as { ask: 'nodes' | 'publish' }
  const answer = ask === 'nodes' ? nodes() : publish()
  answer.then(say, (error: Error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  })
})

async function nodes (): Promise<object> {
  const connected = (await provider.nodes()).filter(node => node.connected)
  return { msg: 'nodes', connected: connected.length }
}

/** T0 is the moment the job is asked for: its opening, and the way of the media into the base, are in the time. */
async function publish (): Promise<object> {
  const startedMs = nowMs()
  say({ msg: 'opening', startedMs })
  const job = await provider.openJob({ to: 'all', name: 'lab' })
  const putMs = nowMs()
  const { bytes } = await job.put(file, destination)
  const uploadedMs = nowMs()
  await job.end()
  const { outcome } = await job.closed()
  say({ msg: 'closed', outcome, uploadBytesPerS: bytes / (uploadedMs - putMs) * 1000 })
  return { msg: 'evidence', bundle: await provider.receipts(job.id) }
}
