import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { loadIdentity } from '@sluice/node'
import { type HostCounters, hostCounters } from './counters.ts'
import type { HoldAsk } from './hold.ts'
import type { LabCase } from './lab-case.ts'
import { LabProcess, type Line } from './lab-process.ts'
import type { ProbeAccount } from './probe.ts'
import type { Ask } from './provider-process.ts'
import type { LabHost, Topology } from './topology.ts'
import type { Workplace } from './workplace.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
/** As the program itself begins: before the preloads below, which load most of it. */
const HEAP = new URL('../../src/heap.js', import.meta.url).href
const PROBE = new URL('./probe.js', import.meta.url).href
const HOLD = new URL('./hold.js', import.meta.url).href
const PROVIDER = fileURLToPath(new URL('./provider-process.js', import.meta.url))

const PORT = 4100
/** Many processes start at once on few cores. */
const START_MS = 60_000
/** For what is to happen at once. */
const SOON_MS = 30_000
/** A fleet is idle when all of its processes together use less than this share of one core, … */
const IDLE_SHARE = 0.1
/** … looked at this often, in milliseconds. */
const IDLE_STEP_MS = 500

interface Member {
  readonly host: LabHost
  readonly dir: string
  readonly peer: string
  readonly config: string
}

interface LabNode extends Member {
  readonly process: LabProcess
  /** Where a file that was published is. */
  readonly published: (name: string) => string
}

/** What a whole fleet has used so far. */
export interface FleetCounters {
  readonly base: HostCounters
  readonly nodes: readonly HostCounters[]
  readonly provider: HostCounters
}

/** One real process per host, its state in memory, and a provider beside the base. */
export class Fleet {
  /** The base's peer id. */
  readonly name: string
  readonly nodes: readonly LabNode[]
  readonly base: LabProcess
  readonly provider: LabProcess

  private constructor (name: string, base: LabProcess, nodes: Fleet['nodes'], provider: LabProcess) {
    this.name = name
    this.base = base
    this.nodes = nodes
    this.provider = provider
  }

  /** Start everything, and wait until everybody knows the base and nobody has anything to do. */
  static async start (workplace: Workplace, topology: Topology, labCase: LabCase, dir: string): Promise<Fleet> {
    const member = async (host: LabHost, name = host.name): Promise<Member> => {
      const place = join(dir, name)
      return { host, dir: place, peer: peerIdFromPrivateKey(await loadIdentity(join(place, 'data'))).toString(), config: join(place, 'sluice.json') }
    }
    const base = await member(topology.base)
    const provider = await member(topology.base, 'provider')
    const nodes = await Promise.all(topology.nodes.map(host => member(host)))
    const address = `/ip4/${base.host.address}/tcp/${PORT}`
    await configure(base, {
      role: 'base',
      dataDir: './data',
      listen: [`/ip4/0.0.0.0/tcp/${PORT}`],
      announce: [address],
      members: [...nodes.map(({ peer }) => ({ peer, role: 'node' })), { peer: provider.peer, role: 'provider' }]
    })
    const run = (host: LabHost, args: readonly string[], env = {}): LabProcess => new LabProcess(workplace, host, [process.execPath, ...args], env)
    const baseProcess = run(base.host, ['--import', HEAP, '--import', HOLD, MAIN, 'start', '-c', base.config])
    await baseProcess.line('the base is ready', isReady, START_MS)
    const started = await Promise.all(nodes.map(async node => {
      await configure(node, {
        role: 'node',
        dataDir: './data',
        listen: [`/ip4/${node.host.address}/tcp/${PORT}`],
        base: `${address}/p2p/${base.peer}`,
        media: { root: './media' },
        ...labCase.declared && node.host.access != null ? { limits: { upload: `${node.host.access.up}bit/s` } } : {}
      })
      const nodeProcess = run(node.host, ['--import', HEAP, '--import', PROBE, MAIN, 'start', '-c', node.config], { SLUICE_LAB_PROBE: join(node.dir, 'probe.json') })
      await nodeProcess.line(`${node.host.name} is ready`, isReady, START_MS)
      return { ...node, process: nodeProcess, published: (name: string) => join(node.dir, 'media', name) }
    }))
    // Over loopback, which nothing shapes: the base is to have the media sooner than it can pass it on.
    const providerProcess = run(base.host, [PROVIDER, join(provider.dir, 'data'), `/ip4/127.0.0.1/tcp/${PORT}/p2p/${base.peer}`])
    await providerProcess.line('the provider is ready', isReady, START_MS)
    const fleet = new Fleet(base.peer, baseProcess, started, providerProcess)
    await fleet.#connected()
    return fleet
  }

  /** Have a file published, under a name that no other of the fleet has. @returns when it was asked for, in milliseconds since 1970 */
  async publish (name: string, file: string): Promise<number> {
    this.#ask({ ask: 'publish', name, file, destination: `/${name}` })
    return Number((await this.#told('opening', name, SOON_MS)).atMs)
  }

  /** The base holds all of it. @returns the rate of the upload in bytes per second */
  async uploaded (name: string, limitMs: number): Promise<number> {
    return Number((await this.#told('uploaded', name, limitMs)).bytesPerS)
  }

  /** All nodes have it. @returns the job's id @throws if a node has not */
  async closed (name: string, limitMs: number): Promise<string> {
    const { outcome, job } = await this.#told('closed', name, limitMs)
    if (outcome !== 'complete') throw new Error(`the job ${name} ended ${String(outcome)}`)
    return String(job)
  }

  /** The bundle of a job that is closed. */
  async evidence (name: string): Promise<string> {
    return String((await this.#told('evidence', name, SOON_MS)).bundle)
  }

  /** Bytes of media that left the base for a job that is closed. */
  async egressBytes (id: string): Promise<number> {
    return Number((await this.base.line('the base says what it sent', ({ msg, job }) => msg === 'base egress' && job === id, SOON_MS)).bytes)
  }

  /** From now on the base keeps to itself what it has for others, … */
  async hold (): Promise<void> {
    await this.#toBase({ ask: 'hold' }, 'holding')
  }

  /** … until now. @returns when that was, in milliseconds since 1970 */
  async release (): Promise<number> {
    return Number((await this.#toBase({ ask: 'release' }, 'released')).atMs)
  }

  counters (): FleetCounters {
    return { base: hostCounters(this.base.pid), nodes: this.nodes.map(({ process }) => hostCounters(process.pid)), provider: hostCounters(this.provider.pid) }
  }

  /** @returns whether it became idle within this time */
  async idle (limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs
    for (let used = cpuOf(this.counters()); performance.now() < deadline;) {
      await delay(IDLE_STEP_MS)
      const now = cpuOf(this.counters())
      if (now - used < IDLE_SHARE * IDLE_STEP_MS / 1000) return true
      used = now
    }
    return false
  }

  /** Pairs of hosts that are connected. */
  async pairs (): Promise<number> {
    const tables = await Promise.all([this.base, ...this.nodes.map(node => node.process)].map(({ pid }) => readFile(`/proc/${pid}/net/tcp`, 'utf8')))
    return new Set(tables.flatMap(pairsIn)).size
  }

  /** End all of it in good order; nodes leave their accounts. */
  async stop (): Promise<ProbeAccount[]> {
    await Promise.all(this.nodes.map(({ process }) => process.stop()))
    await this.base.stop()
    await this.provider.stop('SIGKILL')
    return await Promise.all(this.nodes.map(async ({ dir }) => JSON.parse(await readFile(join(dir, 'probe.json'), 'utf8')) as ProbeAccount))
  }

  async kill (): Promise<void> {
    await Promise.all([this.base, this.provider, ...this.nodes.map(node => node.process)].map(process => process.stop('SIGKILL')))
  }

  async #connected (): Promise<void> {
    for (const deadline = performance.now() + START_MS; performance.now() < deadline; await delay(IDLE_STEP_MS)) {
      const heard = this.provider.lines.length
      this.#ask({ ask: 'nodes' })
      const { connected } = await this.provider.line('the base tells who is there', line => line.msg === 'nodes' && this.provider.lines.indexOf(line) >= heard, SOON_MS)
      if (connected === this.nodes.length) return
    }
    throw new Error('not every node has reached the base')
  }

  #ask (ask: Ask): void {
    this.provider.tell(ask)
  }

  #told (msg: string, name: string, limitMs: number): Promise<Line> {
    return this.provider.line(`${name}: ${msg}`, line => line.msg === msg && line.name === name, limitMs)
  }

  #toBase (ask: HoldAsk, msg: string): Promise<Line> {
    this.base.tell(ask)
    return this.base.line(msg, line => line.msg === msg, SOON_MS)
  }
}

export function cpuOf ({ base, nodes, provider }: FleetCounters): number {
  return [base, provider, ...nodes].reduce((sum, { cpuS }) => sum + cpuS, 0)
}

/** The two ends of each established connection in a table of /proc/PID/net/tcp, those over loopback left out. */
export function pairsIn (table: string): string[] {
  return [...table.matchAll(/^\s*\d+: (\w+):\w+ (\w+):\w+ 01 /gm)]
    // Addresses are hexadecimal in the order of the machine: 127.0.0.1 reads 0100007F.
    .filter(([, , remote]) => remote?.endsWith('7F') !== true)
    .map(([, local, remote]) => [local, remote].sort().join(' '))
}

function isReady ({ msg }: Line): boolean {
  return msg === 'ready'
}

/** JSON is YAML too. */
async function configure ({ dir, config }: Member, content: object): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(config, JSON.stringify(content, undefined, 1))
}
