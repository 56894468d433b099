import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { loadIdentity } from '@sluice/node'
import { stringify } from 'yaml'
import type { NameOf } from '../progress-lines.ts'
import { Child } from './child.ts'

// Eight processes on a small machine take a while to load; who is not ready by then never will be.
const READY_LIMIT_MS = 90_000
const LOOPBACK = '/ip4/127.0.0.1/tcp/0'
// On one machine who is silent for long is dead, and the demo should say so before its audience has left.
const WAIT = { period: '10s', periods: 3 }

/** One peer of the demo and where its things are. */
export interface Place {
  readonly name: string
  readonly dir: string
  readonly peer: string
  readonly config: string
}

/** Real processes on loopback: a base and its nodes; and providers, whose processes come and go. */
export class Fleet {
  readonly dir: string
  readonly base: Place
  readonly nodes: Place[]
  readonly providers: Place[]
  /** What the base has sent to nodes, in bytes, by its own count; undefined until it has told. */
  egressBytes: number | undefined
  readonly #children: Child[] = []

  private constructor (dir: string, base: Place, nodes: Place[], providers: Place[]) {
    this.dir = dir
    this.base = base
    this.nodes = nodes
    this.providers = providers
  }

  /** Make everyone's directory and key. Nothing runs yet. */
  static async prepare (dir: string, nodes: number, providers: readonly string[]): Promise<Fleet> {
    const names = Array.from({ length: nodes }, (_, i) => `node-${i + 1}`)
    return new Fleet(dir, await place(dir, 'base'), await Promise.all(names.map(name => place(dir, name))), await Promise.all(providers.map(name => place(dir, name))))
  }

  readonly nameOf: NameOf = peer => {
    return [this.base, ...this.nodes, ...this.providers].find(place => place.peer === peer)?.name ?? peer
  }

  /** Where a node's media lands. */
  mediaRoot (node: Place): string {
    return join(node.dir, 'media')
  }

  /** Start the base, then all nodes; resolves when every one can be dialled. */
  async start (): Promise<void> {
    const { base, nodes, providers } = this
    const members = [...nodes.map(node => ({ peer: node.peer, role: 'node', labels: { name: node.name } })), ...providers.map(provider => ({ peer: provider.peer, role: 'provider', labels: { name: provider.name } }))]
    await write(base, { role: 'base', dataDir: './data', listen: [LOOPBACK], wait: WAIT, members })
    const [address] = await this.#startOne(base)
    if (address == null) throw new Error('the base is ready and has no address; look at its log')
    const dial = address.includes('/p2p/') ? address : `${address}/p2p/${base.peer}`
    for (const provider of providers) await write(provider, { role: 'provider', dataDir: './data', base: dial })
    for (const node of nodes) await write(node, { role: 'node', dataDir: './data', listen: [LOOPBACK], base: dial, media: { root: './media' } })
    await Promise.all(nodes.map(node => this.#startOne(node)))
  }

  /** Run one command of the program to its end. */
  run (name: string, args: string[], onLine: (line: Record<string, unknown>) => void = () => {}): Child {
    const child = new Child(name, args, join(this.dir, `${name}.log`), onLine)
    this.#children.push(child)
    return child
  }

  /** Nodes first: they have receipts to hand in while the base still listens. */
  async stop (): Promise<void> {
    await Promise.all(this.#children.filter(child => child.name !== 'base').map(child => child.stop()))
    await Promise.all(this.#children.map(child => child.stop()))
  }

  /** For the very last moment of the process, when nothing can be awaited. */
  kill (): void {
    for (const child of this.#children) child.kill()
  }

  async #startOne (place: Place): Promise<string[]> {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${place.name} was not ready within ${READY_LIMIT_MS / 1_000} s\n${child.errors}`)), READY_LIMIT_MS)
      const child = this.run(place.name, ['start', '-c', place.config], line => {
        if (line.msg === 'base egress' && typeof line.bytes === 'number') this.egressBytes = (this.egressBytes ?? 0) + line.bytes
        if (line.msg !== 'ready') return
        clearTimeout(timer)
        resolve(line.addresses as string[])
      })
      child.exited.then(status => reject(new Error(`${place.name} ended with status ${status} before it was ready\n${child.errors}`)), reject).finally(() => clearTimeout(timer))
    })
  }
}

async function place (dir: string, name: string): Promise<Place> {
  const own = join(dir, name)
  await mkdir(join(own, 'data'), { recursive: true })
  const peer = peerIdFromPrivateKey(await loadIdentity(join(own, 'data'))).toString()
  return { name, dir: own, peer, config: join(own, 'sluice.yaml') }
}

async function write (place: Place, content: object): Promise<void> {
  await writeFile(place.config, stringify(content))
}
