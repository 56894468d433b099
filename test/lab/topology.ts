import { execFileSync } from 'node:child_process'
import { Delay } from './delay.ts'
import type { Access, LabCase } from './lab-case.ts'
import { shaper } from './shaping.ts'
import { removeNamespaces, type Workplace } from './workplace.ts'

/** A host of the lab, in a network namespace of its own. */
export interface LabHost {
  readonly name: string
  readonly address: string
  readonly namespace: string
  /** Undefined: not shaped. */
  readonly access: Access | undefined
}

/** Device names inside of the namespaces: short, since each has its own. */
const DEVICE = 'eth0'
const BRIDGE = 'br0'
const MTU = 1500
/** Not shaped: the other end of measurements. */
const METER_NUMBER = 250
/**
 * TCP's own maxima of Linux, whatever this machine's are; no memory of former
 * connections, or the second run would start where the first ended.
 */
const SYSCTLS = {
  'ipv6/conf/all/disable_ipv6': '1',
  'ipv6/conf/default/disable_ipv6': '1',
  'ipv4/tcp_no_metrics_save': '1',
  'ipv4/tcp_rmem': '4096 131072 6291456',
  'ipv4/tcp_wmem': '4096 16384 4194304'
}

/**
 * One network namespace per host, each on a veth pair to a bridge in a
 * namespace of its own. A host's upload is shaped on its own end, its download
 * on the bridge's; a delay lies between the two.
 */
export class Topology {
  readonly base: LabHost
  readonly nodes: readonly LabHost[]
  readonly meter: LabHost
  readonly #bridge: string
  readonly #workplace: Workplace
  #delay: Delay | undefined

  private constructor (workplace: Workplace, { base, nodes }: LabCase) {
    const host = (name: string, number: number, access: Access | undefined): LabHost => ({ name, address: `10.77.0.${number}`, namespace: workplace.namespace(name), access })
    this.#workplace = workplace
    this.#bridge = workplace.namespace('bridge')
    this.base = host('base', 1, base)
    this.nodes = nodes.map((access, index) => host(`n${index + 1}`, index + 2, access))
    this.meter = host('meter', METER_NUMBER, undefined)
  }

  static async build (workplace: Workplace, labCase: LabCase): Promise<Topology> {
    const topology = new Topology(workplace, labCase)
    topology.#build()
    if (labCase.delayMs > 0) topology.#delay = await Delay.insert(workplace, topology.#bridge, topology.#hosts.map(({ name, address }) => ({ port: name, mac: macOf(address) })), labCase.delayMs)
    return topology
  }

  /** Change what a host can send, while it sends. */
  throttle ({ namespace }: LabHost, bitsPerS: number): void {
    execFileSync('tc', ['-n', namespace, 'qdisc', 'change', 'dev', DEVICE, 'root', ...shaper(bitsPerS)])
  }

  /** Take everything down. @returns what the delay has to say for itself */
  async remove (): Promise<string | undefined> {
    const account = await this.#delay?.stop()
    removeNamespaces(this.#workplace.namespace(''))
    return account
  }

  get #hosts (): LabHost[] {
    return [this.base, ...this.nodes, this.meter]
  }

  #build (): void {
    run('ip', ['-batch', '-'], [this.#bridge, ...this.#hosts.map(({ namespace }) => namespace)].map(name => `netns add ${name}`))
    prepare(this.#bridge)
    run('ip', ['-n', this.#bridge, '-batch', '-'], [`link add ${BRIDGE} type bridge stp_state 0 mcast_snooping 0`, `link set ${BRIDGE} up`])
    for (const host of this.#hosts) this.#attach(host)
  }

  #attach ({ name, address, namespace, access }: LabHost): void {
    prepare(namespace)
    run('ip', ['-n', namespace, '-batch', '-'], [
      `link add ${DEVICE} address ${macOf(address)} mtu ${MTU} type veth peer name ${name} mtu ${MTU} netns ${this.#bridge}`,
      'link set lo up',
      `addr add ${address}/24 dev ${DEVICE}`,
      `link set ${DEVICE} up`,
      // By the route, since what a namespace may have as its default is a setting of the whole machine.
      `route replace 10.77.0.0/24 dev ${DEVICE} src ${address} congctl cubic`,
      // Nobody has to ask who is where: no frames but those of the experiment.
      ...this.#hosts.filter(other => other.address !== address).map(other => `neigh replace ${other.address} lladdr ${macOf(other.address)} dev ${DEVICE} nud permanent`)
    ])
    run('ip', ['-n', this.#bridge, '-batch', '-'], [`link set ${name} master ${BRIDGE}`, `link set ${name} up`])
    // A frame on the wire is a frame: no bundles that a shaper would let through whole.
    for (const [space, device] of [[namespace, DEVICE], [this.#bridge, name]] as const) run('nsenter', [`--net=/run/netns/${space}`, 'ethtool', '-K', device, 'tso', 'off', 'gso', 'off', 'gro', 'off'])
    if (access == null) return
    run('tc', ['-n', namespace, 'qdisc', 'add', 'dev', DEVICE, 'root', ...shaper(access.up)])
    run('tc', ['-n', this.#bridge, 'qdisc', 'add', 'dev', name, 'root', ...shaper(access.down)])
  }
}

/** Hosts are told apart by the last byte of their address, here as there. */
function macOf (address: string): string {
  return `02:77:00:00:00:${Number(address.slice(address.lastIndexOf('.') + 1)).toString(16).padStart(2, '0')}`
}

function prepare (namespace: string): void {
  run('nsenter', [`--net=/run/netns/${namespace}`, 'sh', '-c', Object.entries(SYSCTLS).map(([name, value]) => `echo '${value}' > /proc/sys/net/${name}`).join(' && ')])
}

/** @param lines - what the program reads, if it reads */
function run (program: string, args: readonly string[], lines?: readonly string[]): void {
  execFileSync(program, args, { ...lines == null ? {} : { input: `${lines.join('\n')}\n` }, stdio: [lines == null ? 'ignore' : 'pipe', 'ignore', 'inherit'] })
}
