import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { loadIdentity } from '@sluice/node'
import { type Line, MAIN, Running, type Start } from './member.ts'
import type { ChaosHost } from './network.ts'

/** Uplinks are capped, so that a job of a few MiB is under way for some seconds, in bytes per second. */
const UPLINK = '6MB/s'
/** Who is silent is asked soon, and given up after six times of it: whoever was killed is back before, on a busy machine, too. */
const WAIT = { period: '4s', periods: 6 }
const PORT = 4100
/** An operator looks again after this, in milliseconds. */
const RESTART_MS = 300

/** A peer of the fleet: its place, its process, and how that fares. */
export class Member {
  readonly role: 'base' | 'node' | 'provider'
  readonly host: ChaosHost
  readonly dir: string
  readonly peer: string
  readonly config: string
  process: Running | undefined
  /** Somebody has a hand on it, and will start it again: until then its end is nobody's surprise. */
  isHeld = false
  /** Why it may end by itself; undefined where it must not. */
  excuse: string | undefined
  isReady = false
  /** Its first address, once a process of it has been ready for the first time. */
  readonly opened = Promise.withResolvers<string>()

  constructor (role: Member['role'], host: ChaosHost, dir: string, peer: string) {
    this.role = role
    this.host = host
    this.dir = dir
    this.peer = peer
    this.config = join(dir, 'sluice.json')
  }

  get name (): string {
    return this.host.name
  }

  get dataDir (): string {
    return join(this.dir, 'data')
  }

  get media (): string {
    return join(this.dir, 'media')
  }

  get log (): string {
    return `${this.dir}.log`
  }
}

export interface FleetEvents {
  readonly onLine: (member: Member, line: Line) => void
  /** A process ended by itself. */
  readonly onEnd: (member: Member, what: string) => void
}

/** A base, its nodes and a provider's place. Base and nodes are started again whenever they end. */
export class Fleet {
  readonly base: Member
  readonly nodes: readonly Member[]
  readonly provider: Member
  readonly #events: FleetEvents
  #address = ''
  #isStopped = false
  /** Those that run: nobody is left behind, whoever lost sight of him. */
  readonly #started = new Set<Running>()

  private constructor (members: readonly Member[], events: FleetEvents) {
    this.base = members[0] as Member
    this.provider = members[1] as Member
    this.nodes = members.slice(2)
    this.#events = events
  }

  static names (nodes: number): string[] {
    return ['base', 'provider', ...Array.from({ length: nodes }, (_, index) => `node-${index + 1}`)]
  }

  /** Everybody's folder and key. Nothing runs yet. @param hosts - in the order of `names` */
  static async prepare (dir: string, hosts: readonly ChaosHost[], events: FleetEvents): Promise<Fleet> {
    return new Fleet(await Promise.all(hosts.map(async (host, index) => {
      const place = join(dir, host.name)
      await mkdir(join(place, 'data'), { recursive: true })
      const peer = peerIdFromPrivateKey(await loadIdentity(join(place, 'data'))).toString()
      return new Member(index === 0 ? 'base' : index === 1 ? 'provider' : 'node', host, place, peer)
    })), events)
  }

  get members (): Member[] {
    return [this.base, this.provider, ...this.nodes]
  }

  /** The base as others dial it. */
  get address (): string {
    return this.#address
  }

  /** @param first - how a member's first process is started */
  async start (first: ReadonlyMap<Member, Start>): Promise<void> {
    const { base, nodes, provider } = this
    const inNamespace = base.host.namespace != null
    const members = [...nodes.map(({ peer, name }) => ({ peer, role: 'node', labels: { name } })), { peer: provider.peer, role: 'provider' }]
    const listen = inNamespace ? `/ip4/${base.host.address}/tcp/${PORT}` : '/ip4/127.0.0.1/tcp/0'
    const content = { role: 'base', dataDir: './data', members, wait: WAIT, limits: { upload: UPLINK } }
    await configure(base, { ...content, listen: [listen] })
    await this.#run(base, first.get(base))
    // It may have been killed on the way: then it is started again, and others wait for that.
    const address = await base.opened.promise
    this.#address = address.includes('/p2p/') ? address : `${address}/p2p/${base.peer}`
    // Started again it is where it was: that is where its members look for it.
    await configure(base, { ...content, listen: [this.#address.replace(/\/p2p\/.*/, '')] })
    await configure(provider, { role: 'provider', dataDir: './data', base: this.#address, wait: WAIT })
    await Promise.all(nodes.map(async node => {
      await configure(node, { role: 'node', dataDir: './data', listen: [`/ip4/${node.host.address}/tcp/${inNamespace ? PORT : 0}`], base: this.#address, media: { root: './media' }, limits: { upload: UPLINK } })
      await this.#run(node, first.get(node))
    }))
  }

  /** Start a member that is not running. Resolves when it is. */
  async restart (member: Member, start?: Start): Promise<void> {
    if (!this.#isStopped) await this.#run(member, start)
  }

  /** Run a program of the provider's to its end. */
  launch (args: readonly string[], onLine: (line: Line) => void): Running {
    const running = new Running(this.provider.host, args, this.provider.log, {}, onLine)
    return running
  }

  /** End all of it. */
  async stop (): Promise<void> {
    this.#isStopped = true
    await Promise.all([...this.#started].map(async running => { await running.kill() }))
  }

  /** @returns the first of its addresses, when it is ready; '' if it has ended before, and is looked after */
  #run (member: Member, start: Start = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      member.isReady = false
      const running = new Running(member.host, [MAIN, 'start', '-c', member.config], member.log, start, line => {
        if (line.msg === 'ready') {
          member.isReady = true
          member.opened.resolve(String((line.addresses as string[])[0]))
          resolve(String((line.addresses as string[])[0]))
        }
        this.#events.onLine(member, line)
      })
      member.process = running
      this.#started.add(running)
      void running.ended.finally(() => { this.#started.delete(running) }).catch(() => {})
      running.ended.then(async ({ status, signal, errors }) => {
        resolve('')
        if (this.#isStopped || member.isHeld || member.process !== running) return
        this.#events.onEnd(member, signal ?? `status ${status}: ${errors.trim()}`)
        await delay(RESTART_MS)
        if (!this.#isStopped && !member.isHeld && member.process === running) await this.#run(member)
      }).catch(reject)
    })
  }
}

/** JSON is YAML too. */
async function configure ({ config }: Member, content: object): Promise<void> {
  await writeFile(config, JSON.stringify(content, undefined, 1))
}
