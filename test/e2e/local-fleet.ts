import { mkdtempSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BaseInit, type RunningBase, startBase } from '@sluice/base'
import { loadIdentity, type Logger, type MediaServerInit, type RunningNode, type RunningPeer, startMediaServer } from '@sluice/node'
import { createProvider, type Provider, type ProviderInit } from '@sluice/sdk'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'

const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

/** One place for one peer: its folder, its key, and who it therefore is. */
export interface Place {
  readonly name: string
  readonly dataDir: string
  readonly mediaRoot: string
  readonly peer: string
  /** What it said, for whom a test fails. */
  readonly said: string[]
}

/** A base, nodes and providers in this process, each on a socket of its own on loopback. */
export class LocalFleet {
  readonly dir: string
  readonly base: Place
  readonly nodes: Place[]
  readonly providers: Place[]
  readonly #running: RunningPeer[] = []
  #address = ''

  private constructor (dir: string, base: Place, nodes: Place[], providers: Place[]) {
    this.dir = dir
    this.base = base
    this.nodes = nodes
    this.providers = providers
  }

  /** Folders and keys. Nothing runs yet. */
  static async prepare ({ nodes = 0, providers = 1 }: { nodes?: number, providers?: number } = {}): Promise<LocalFleet> {
    const dir = mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
    const many = async (count: number, name: string): Promise<Place[]> => await Promise.all(Array.from({ length: count }, async (_, i) => await place(dir, `${name}-${i + 1}`)))
    return new LocalFleet(dir, await place(dir, 'base'), await many(nodes, 'node'), await many(providers, 'provider'))
  }

  /** The base's address as members write it. */
  get address (): string {
    return this.#address
  }

  async startBase (init: Partial<BaseInit> = {}): Promise<RunningBase> {
    const { base, nodes, providers } = this
    const running = await startBase({
      dataDir: base.dataDir,
      listen: [this.#address === '' ? LOOPBACK : this.#address.replace(/\/p2p\/.*/, '')],
      members: [
        ...nodes.map(({ peer, name }) => ({ peer, role: 'node' as const, labels: { name } })),
        ...providers.map(({ peer }) => ({ peer, role: 'provider' as const, labels: {} }))
      ],
      waitPeriodMs: 5_000,
      waitPeriods: 6,
      log: logTo(base),
      ...init
    })
    this.#address = running.addresses[0] as string
    return this.#keep(running)
  }

  async startNode (node: Place, init: Partial<MediaServerInit> = {}): Promise<RunningNode> {
    await mkdir(node.mediaRoot, { recursive: true })
    return this.#keep(await startMediaServer({ dataDir: node.dataDir, listen: [LOOPBACK], base: this.#address, mediaRoot: node.mediaRoot, log: logTo(node), ...init }))
  }

  async startProvider (provider: Place, init: Partial<ProviderInit> = {}): Promise<Provider> {
    return this.#keep(await createProvider({ dataDir: provider.dataDir, base: this.#address, log: logTo(provider), ...init }))
  }

  async place (name: string): Promise<Place> {
    return await place(this.dir, name)
  }

  /** Stop everybody, the base last, and remove every trace. */
  async stop (): Promise<void> {
    for (const running of this.#running.splice(0).reverse()) await running.stop().catch(() => {})
    await rm(this.dir, { recursive: true, force: true })
  }

  /** What everybody said, for the message of a test that fails. */
  said (pattern: RegExp): string[] {
    return [this.base, ...this.nodes, ...this.providers].flatMap(({ name, said }) => said.filter(line => pattern.test(line)).map(line => `${name}: ${line}`))
  }

  #keep<T extends RunningPeer> (running: T): T {
    this.#running.push(running)
    return running
  }
}

async function place (dir: string, name: string): Promise<Place> {
  const dataDir = join(dir, name, 'data')
  const peer = peerIdFromPrivateKey(await loadIdentity(dataDir)).toString()
  return { name, dataDir, mediaRoot: join(dir, name, 'media'), peer, said: [] }
}

function logTo ({ said }: Place): Logger {
  const say = (level: string) => (msg: string, fields?: object): void => { said.push(`${level} ${msg} ${JSON.stringify(fields ?? {})}`) }
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}
