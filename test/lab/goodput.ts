import { LabProcess } from './lab-process.ts'
import type { LabHost, Topology } from './topology.ts'
import type { Workplace } from './workplace.ts'

/** Rates as TCP gets them, in bytes per second, by the rate of the wire in bits per second. */
export interface Goodput {
  readonly up: ReadonlyMap<number, number>
  readonly down: ReadonlyMap<number, number>
}

/** Long enough for cubic to settle, and what comes before that is left out. */
const MEASURE_S = 6
const OMIT_S = 2
const PORT = 5201
/** Processes share two cores: they take a moment to begin and end. */
const SLACK_MS = 10_000

interface Flow { readonly kind: 'up' | 'down', readonly rate: number, readonly from: LabHost, readonly to: LabHost }

/**
 * What one TCP flow gets out of each distinct rate, one way, against a host
 * that is not shaped. The flows use different links, so they run at once.
 */
export async function measureGoodput (workplace: Workplace, { base, nodes, meter }: Topology): Promise<Goodput> {
  const flows: Flow[] = []
  const add = (flow: Flow): void => { if (!flows.some(({ kind, rate }) => kind === flow.kind && rate === flow.rate)) flows.push(flow) }
  for (const host of [base, ...nodes]) if (host.access != null) add({ kind: 'up', rate: host.access.up, from: host, to: meter })
  // Of nodes only: a base's download is in no bound.
  for (const host of nodes) if (host.access != null) add({ kind: 'down', rate: host.access.down, from: meter, to: host })
  const measured = await Promise.all(flows.map(async (flow, index) => ({ flow, bytesPerS: await measure(workplace, flow, PORT + index) })))
  const of = (kind: Flow['kind']): Map<number, number> => new Map(measured.filter(({ flow }) => flow.kind === kind).map(({ flow, bytesPerS }) => [flow.rate, bytesPerS]))
  return { up: of('up'), down: of('down') }
}

async function measure (workplace: Workplace, { from, to }: Flow, port: number): Promise<number> {
  const server = new LabProcess(workplace, to, ['iperf3', '--server', '--one-off', '--forceflush', '--port', String(port)])
  try {
    await server.line('iperf3 listens', ({ text }) => String(text).includes('listening'), SLACK_MS)
    const client = new LabProcess(workplace, from, ['iperf3', '--client', to.address, '--port', String(port), '--time', String(MEASURE_S), '--omit', String(OMIT_S), '--json'])
    await client.exit()
    const report = JSON.parse(client.lines.map(({ text }) => text).join('\n')) as { error?: string, end: { sum_received?: { bits_per_second: number }, sender_tcp_congestion?: string } }
    const bits = report.end.sum_received?.bits_per_second
    if (report.error != null || bits == null) throw new Error(`iperf3 from ${from.name} to ${to.name}: ${report.error ?? 'no result'}`)
    if (report.end.sender_tcp_congestion !== 'cubic') throw new Error(`TCP in the lab is ${report.end.sender_tcp_congestion} and not cubic`)
    return bits / 8
  } finally {
    await server.stop('SIGKILL')
  }
}
