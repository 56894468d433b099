import { execFileSync } from 'node:child_process'
import { removeNamespaces } from '../lab/workplace.ts'

const DEVICE = 'eth0'
const BRIDGE = 'br0'

/** A host of its own for one process. */
export interface ChaosHost {
  readonly name: string
  readonly address: string
  /** Undefined: all share the machine's loopback. */
  readonly namespace: string | undefined
}

/**
 * One network namespace per process, each on a veth pair to a bridge. Its end at
 * the bridge can be taken down: then nothing comes through, and neither side is
 * told so.
 */
export class Network {
  readonly hosts: readonly ChaosHost[]
  readonly #prefix: string

  private constructor (prefix: string, names: readonly string[]) {
    this.#prefix = prefix
    this.hosts = names.map((name, index) => ({ name, address: `10.78.0.${index + 1}`, namespace: `${prefix}${name}` }))
  }

  /** @param prefix - all namespaces are named so, and what comes behind it */
  static build (prefix: string, names: readonly string[]): Network {
    const network = new Network(prefix, names)
    ip([], [network.#bridge, ...network.hosts.map(({ namespace }) => namespace)].map(name => `netns add ${name}`))
    ip(['-n', network.#bridge], [`link add ${BRIDGE} type bridge stp_state 0 mcast_snooping 0`, `link set ${BRIDGE} up`])
    for (const { name, address, namespace } of network.hosts) {
      ip(['-n', String(namespace)], [
        `link add ${DEVICE} type veth peer name ${name} netns ${network.#bridge}`,
        'link set lo up',
        `addr add ${address}/24 dev ${DEVICE}`,
        `link set ${DEVICE} up`
      ])
      ip(['-n', network.#bridge], [`link set ${name} master ${BRIDGE}`, `link set ${name} up`])
    }
    return network
  }

  /** Every process on the machine's own loopback: nothing can be cut. */
  static none (names: readonly string[]): ChaosHost[] {
    return names.map(name => ({ name, address: '127.0.0.1', namespace: undefined }))
  }

  cut ({ name }: ChaosHost): void {
    ip(['-n', this.#bridge], [`link set ${name} down`])
  }

  heal ({ name }: ChaosHost): void {
    ip(['-n', this.#bridge], [`link set ${name} up`])
  }

  remove (): void {
    removeNamespaces(this.#prefix)
  }

  get #bridge (): string {
    return `${this.#prefix}bridge`
  }
}

function ip (args: readonly string[], lines: readonly string[]): void {
  execFileSync('ip', [...args, '-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'ignore', 'inherit'] })
}
