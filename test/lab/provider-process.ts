import process from 'node:process'
import { createProvider } from '@sluice/sdk'

/** What the lab asks its provider for. */
export type Ask =
  | { readonly ask: 'nodes' }
  /** Publish a file. All lines about it carry its name. */
  | { readonly ask: 'publish', readonly name: string, readonly file: string, readonly destination: string }

/**
 * The lab's provider, on the base's own host: it waits until it is told to go,
 * so that the start of a process is in nobody's time. Arguments: data folder
 * and the base's address.
 */
const [dataDir = '', base = ''] = process.argv.slice(2)
const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }
/** The clock that nodes sign with: monotonic, and close to the wall clock. */
const nowMs = (): number => performance.timeOrigin + performance.now()

process.on('disconnect', () => process.exit(1))
const provider = await createProvider({ dataDir, base })
say({ msg: 'ready' })
process.on('message', message => {
  const ask = message as Ask
  const answer = ask.ask === 'nodes' ? nodes() : publish(ask)
  answer.catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exit(1)
  })
})

async function nodes (): Promise<void> {
  const connected = (await provider.nodes()).filter(node => node.connected)
  say({ msg: 'nodes', connected: connected.length })
}

async function publish ({ name, file, destination }: Extract<Ask, { ask: 'publish' }>): Promise<void> {
  say({ msg: 'opening', name, atMs: nowMs() })
  const job = await provider.openJob({ to: 'all', name })
  const putMs = nowMs()
  const { bytes } = await job.put(file, destination)
  const uploadedMs = nowMs()
  await job.end()
  say({ msg: 'uploaded', name, bytesPerS: bytes / (uploadedMs - putMs) * 1000 })
  const { outcome } = await job.closed()
  say({ msg: 'closed', name, job: job.id, outcome })
  say({ msg: 'evidence', name, bundle: await provider.receipts(job.id) })
}
