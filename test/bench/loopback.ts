import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { peakMiB } from './peak.ts'
import { ProcessFleet } from '../e2e/process-fleet.ts'

/**
 * Real processes on loopback: one base, some nodes, one provider, one file. Prints
 * what it took in time, processor and memory, as one JSON line. Nothing here is a
 * verdict: on one machine all of them share its cores.
 */
const { values } = parseArgs({ options: { nodes: { type: 'string', default: '4' }, mib: { type: 'string', default: '256' } } })
const MiB = 1024 * 1024
/** Of /proc/PID/stat. */
const TICKS_PER_SECOND = 100

/** How often the provider's peak is looked at, in milliseconds. */
const LOOK_MS = 250

interface Usage { readonly cpuS: number, readonly peakMiB: number }

function usageOf (pid: number): Usage {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return { cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, peakMiB: peakMiB(pid) ?? 0 }
}

async function writeNoise (path: string, mib: number): Promise<void> {
  const file: FileHandle = await open(path, 'w')
  const block = Buffer.alloc(MiB)
  for (let i = 0; i < mib; i++) await file.write(randomFillSync(block))
  await file.close()
}

async function digest (path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}

const fleet = new ProcessFleet()
try {
  const nodes = await Promise.all(Array.from({ length: Number(values.nodes) }, (_, i) => fleet.place(`node-${i + 1}`)))
  const provider = await fleet.place('provider')
  const base = await fleet.startBase(await fleet.place('base'), [...nodes.map(place => ({ place, role: 'node' as const })), { place: provider, role: 'provider' }])
  const runs = [base]
  for (const node of nodes) runs.push(await fleet.startNode(node))
  await fleet.configureProvider(provider)
  const media = join(fleet.dir, 'bulk.bin')
  await writeNoise(media, Number(values.mib))
  const before = runs.map(run => usageOf(run.pid))
  const publish = fleet.run('publish', media, '-c', provider.config, '--json')
  // It is gone when it has published, so its peak is looked at while it lasts.
  let providerPeakMiB = 0
  const looking = setInterval(() => {
    try {
      providerPeakMiB = Math.max(providerPeakMiB, usageOf(publish.pid).peakMiB)
    } catch {
      clearInterval(looking)
    }
  }, LOOK_MS)
  const status = await publish.exit()
  clearInterval(looking)
  const after = runs.map(run => usageOf(run.pid))
  const closed = publish.lines.at(-1) as { outcome: string, elapsedMs: number }
  const egress = base.lines.findLast(({ msg }) => msg === 'base egress')?.bytes as number
  const wanted = await digest(media)
  const wrong: string[] = []
  for (const node of nodes) if (await digest(join(node.media, 'bulk.bin')) !== wanted) wrong.push(node.name)
  const cpuS = after.reduce((sum, usage, i) => sum + usage.cpuS - (before[i] as Usage).cpuS, 0)
  process.stdout.write(`${JSON.stringify({
    nodes: nodes.length,
    mib: Number(values.mib),
    outcome: closed.outcome,
    seconds: closed.elapsedMs / 1000,
    receivedMiBPerS: Math.round(nodes.length * Number(values.mib) / (closed.elapsedMs / 1000)),
    cpuSPerReceivedGiB: Number((cpuS / (nodes.length * Number(values.mib) / 1024)).toFixed(1)),
    providerPeakMiB,
    basePeakMiB: after[0]?.peakMiB,
    nodePeakMiB: Math.max(...after.slice(1).map(({ peakMiB }) => peakMiB)),
    baseEgress: Number((egress / (Number(values.mib) * MiB)).toFixed(3)),
    wrong
  })}\n`)
  process.exitCode = status === 0 && wrong.length === 0 ? 0 : 1
} finally {
  await fleet.stop()
}
