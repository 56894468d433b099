import { LabProcess } from './lab-process.ts'
import { TCP_SHARE } from './shaping.ts'
import type { LabHost, Topology } from './topology.ts'
import type { Workplace } from './workplace.ts'

/** Rates as TCP gets them, in bytes per second, by the rate of the wire in bits per second. */
export interface Goodput {
  readonly up: ReadonlyMap<number, number>
  readonly down: ReadonlyMap<number, number>
  /** Links of which a flow got less than they give: what rests on them is too kind. */
  readonly doubts: readonly string[]
}

/** Long enough for cubic to settle, and what comes before that is left out. */
const MEASURE_S = 6
const OMIT_S = 2
const PORT = 5201
/** A busy machine slows a flow down, and a bound that rests on a slow flow is too easy to meet: measure again, and believe the best. */
const TRIES = 3
/** Of what frames leave to TCP; on a quiet machine it gets 1.000 ± 0.002 of that. */
const CREDIBLE = 0.98
/** Processes share two cores: they take a moment to begin and end. */
const SLACK_MS = 10_000

interface Flow { readonly kind: 'up' | 'down', readonly rate: number, readonly from: LabHost, readonly to: LabHost }

/**
 * What one TCP flow gets out of each distinct rate, one way, against a host
 * that is not shaped. Flows of one direction use different hosts, so they run
 * at once; one host's both directions would disturb each other.
 */
export async function measureGoodput (workplace: Workplace, { base, nodes, meter }: Topology): Promise<Goodput> {
  const flows: Flow[] = []
  const add = (flow: Flow): void => { if (!flows.some(({ kind, rate }) => kind === flow.kind && rate === flow.rate)) flows.push(flow) }
  for (const host of [base, ...nodes]) if (host.access != null) add({ kind: 'up', rate: host.access.up, from: host, to: meter })
  // Of nodes only: a base's download is in no bound.
  for (const host of nodes) if (host.access != null) add({ kind: 'down', rate: host.access.down, from: meter, to: host })
  const measureAll = (kind: Flow['kind']) => Promise.all(flows.filter(flow => flow.kind === kind).map(async (flow, index) => ({ flow, bytesPerS: await best(workplace, flow, PORT + index) })))
  const measured = [...await measureAll('up'), ...await measureAll('down')]
  const of = (kind: Flow['kind']): Map<number, number> => new Map(measured.filter(({ flow }) => flow.kind === kind).map(({ flow, bytesPerS }) => [flow.rate, bytesPerS]))
  const doubts = measured.filter(({ flow, bytesPerS }) => !isCredible(flow, bytesPerS)).map(({ flow, bytesPerS }) => `one flow ${flow.kind} a link of ${flow.rate / 1e6} Mbit/s got ${(bytesPerS * 8 / 1e6).toFixed(2)} of it: the machine is too busy for a bound`)
  return { up: of('up'), down: of('down'), doubts }
}

async function best (workplace: Workplace, flow: Flow, port: number): Promise<number> {
  let most = 0
  for (let tries = 0; tries < TRIES && !isCredible(flow, most); tries++) most = Math.max(most, await measure(workplace, flow, port))
  return most
}

function isCredible ({ rate }: Flow, bytesPerS: number): boolean {
  return bytesPerS * 8 >= rate * TCP_SHARE * CREDIBLE
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
