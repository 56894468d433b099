import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loadIdentity } from '@sluice/node'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { eventually } from './eventually.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const HEAP = new URL('../../src/heap.js', import.meta.url).href
const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

export type JsonLine = Record<string, unknown>

/** One run of the real program. */
export class Run {
  readonly lines: JsonLine[] = []
  errors = ''
  readonly #child: ChildProcess
  readonly #exited: Promise<number>

  constructor (args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    // The channel makes it end with us, however we end.
    const child = spawn(process.execPath, ['--import', HEAP, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
    this.#child = child
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', line => {
      try {
        this.lines.push(JSON.parse(line) as JsonLine)
      } catch {
        this.lines.push({ text: line })
      }
    })
    child.stderr?.on('data', data => { this.errors += String(data) })
    this.#exited = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)))
    })
  }

  get pid (): number {
    return this.#child.pid as number
  }

  /** The status it ended with. */
  exit (): Promise<number> {
    return this.#exited
  }

  signal (name: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name)
  }

  async stop (name: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
    this.signal(name)
    return await this.#exited
  }

  /** The first line that says so. */
  async line (what: string, wanted: (line: JsonLine) => boolean): Promise<JsonLine> {
    const ended = this.#exited.then(status => { if (this.lines.find(wanted) == null) throw new Error(`ended with status ${status} before: ${what}\n${this.errors}`) })
    const found = eventually(what, () => this.lines.find(wanted))
    found.catch(() => {})
    return await Promise.race([found, ended.then(() => found)])
  }

  async ready (): Promise<string> {
    const { addresses } = await this.line('ready', ({ msg }) => msg === 'ready')
    return (addresses as string[])[0] as string
  }
}

export interface ProcessPlace {
  readonly name: string
  readonly dir: string
  readonly peer: string
  readonly config: string
  readonly media: string
}

/** Configurations and real processes of one fleet below a temporary folder. */
export class ProcessFleet {
  readonly dir = mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
  readonly #runs: Run[] = []
  address = ''

  run (...args: string[]): Run {
    return this.runIn({}, ...args)
  }

  /** With more in its environment. */
  runIn (env: NodeJS.ProcessEnv, ...args: string[]): Run {
    const run = new Run(args, env)
    this.#runs.push(run)
    return run
  }

  async place (name: string): Promise<ProcessPlace> {
    const dir = join(this.dir, name)
    const peer = peerIdFromPrivateKey(await loadIdentity(join(dir, 'data'))).toString()
    return { name, dir, peer, config: join(dir, 'sluice.yaml'), media: join(dir, 'media') }
  }

  /** Write a configuration: JSON is YAML too. */
  async configure (place: ProcessPlace, content: object): Promise<ProcessPlace> {
    await mkdir(place.dir, { recursive: true })
    await writeFile(place.config, JSON.stringify(content, undefined, 1))
    return place
  }

  async startBase (base: ProcessPlace, members: Array<{ place: ProcessPlace, role: 'node' | 'provider' }>, more: object = {}): Promise<Run> {
    // Once it has an address it keeps it: members find a base that was restarted where it was.
    const listen = this.address === '' ? LOOPBACK : this.address.replace(/\/p2p\/.*/, '')
    await this.configure(base, { role: 'base', dataDir: './data', listen: [listen], wait: { period: '5s', periods: 6 }, members: members.map(({ place, role }) => ({ peer: place.peer, role })), ...more })
    const run = this.run('start', '-c', base.config)
    this.address = await run.ready()
    return run
  }

  async configureNode (node: ProcessPlace, more: object = {}): Promise<ProcessPlace> {
    return await this.configure(node, { role: 'node', dataDir: './data', listen: [LOOPBACK], base: this.address, media: { root: './media' }, ...more })
  }

  /** @param environment - such as the fault that is planted in it */
  async startNode (node: ProcessPlace, more: object = {}, environment: Readonly<Record<string, string>> = {}): Promise<Run> {
    await this.configureNode(node, more)
    const run = new Run(['start', '-c', node.config], environment)
    this.#runs.push(run)
    await run.ready()
    return run
  }

  async configureProvider (provider: ProcessPlace, more: object = {}): Promise<ProcessPlace> {
    return await this.configure(provider, { role: 'provider', dataDir: './data', base: this.address, ...more })
  }

  /** End every process, each by its own id, and remove every trace. */
  async stop (): Promise<void> {
    await Promise.all(this.#runs.map(async run => await run.stop('SIGKILL')))
    await rm(this.dir, { recursive: true, force: true })
  }
}
