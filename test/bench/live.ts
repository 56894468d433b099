import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { paced } from './paced.ts'
import { peakMiB } from './peak.ts'
import { ProcessFleet } from '../e2e/process-fleet.ts'

/**
 * `sluice live -`: so much media at a steady rate through the real program's
 * stdin, to real servers on this machine. Prints one JSON line: whether it
 * arrived intact, how far it fell behind the rate, and the provider's memory.
 */
const { values } = parseArgs({ options: { nodes: { type: 'string', default: '6' }, mib: { type: 'string', default: '1024' }, rate: { type: 'string', default: '20' } } })
const MiB = 1024 * 1024
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
/** How often the provider's peak is looked at, in milliseconds. */
const LOOK_MS = 250

async function digest (path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}

const fleet = new ProcessFleet()
try {
  const nodes = await Promise.all(Array.from({ length: Number(values.nodes) }, (_, i) => fleet.place(`node-${i + 1}`)))
  const provider = await fleet.place('provider')
  await fleet.startBase(await fleet.place('base'), [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }])
  for (const node of nodes) await fleet.startNode(node)
  await fleet.configureProvider(provider)

  const child = spawn(process.execPath, [MAIN, 'live', '-', '--as', '/live/x.ts', '--json', '-c', provider.config], { stdio: ['pipe', 'ignore', 'inherit'] })
  const exited = new Promise<number>(resolve => { child.on('close', code => resolve(code ?? 1)) })
  let providerPeakMiB = 0
  const looking = setInterval(() => { providerPeakMiB = Math.max(providerPeakMiB, peakMiB(child.pid as number) ?? 0) }, LOOK_MS)
  const sent = createHash('sha256')
  const startedMs = performance.now()
  await pipeline(paced(Number(values.mib) * MiB, Number(values.rate) * MiB, sent), child.stdin)
  const writtenMs = performance.now()
  const status = await exited
  clearInterval(looking)
  const endedMs = performance.now()
  const wanted = sent.digest('hex')
  const intact = []
  for (const node of nodes) if (await digest(join(node.media, 'live/x.ts')).catch(() => '') === wanted) intact.push(node.name)
  const s = (ms: number): number => Math.round(ms / 100) / 10
  process.stdout.write(`${JSON.stringify({ mib: Number(values.mib), nodes: nodes.length, rateMiBs: Number(values.rate), status, intact: intact.length, writtenS: s(writtenMs - startedMs), nominalS: Number(values.mib) / Number(values.rate), reportedAfterEndS: s(endedMs - writtenMs), providerPeakMiB })}\n`)
} finally {
  await fleet.stop()
}
