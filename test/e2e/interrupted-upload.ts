import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { ProcessFleet, type ProcessPlace, type Run } from './process-fleet.ts'
import { freePort, Tap } from './tap.ts'

const MiB = 1024 * 1024

export type Interruption = 'kill base' | 'kill provider' | 'kill node' | 'reset'

/** One interruption, and what it cost. */
export interface Interrupted {
  readonly how: Interruption
  /** Durable at the base when it came, as far as the provider had heard. */
  readonly atBytes: number
  /** Bytes that the provider had sent on this connection, and that were not durable when the next one began; 0 where its connection went on. */
  readonly resentBytes: number
}

/**
 * One put of real processes, interrupted again and again: a base, a node, and a
 * provider whose connection is counted byte by byte.
 */
export class InterruptedUpload {
  readonly #fleet = new ProcessFleet()
  #base!: ProcessPlace
  #node!: ProcessPlace
  #provider!: ProcessPlace
  #baseRun!: Run
  #nodeRun!: Run
  #publish!: Run
  #port = 0
  #tap!: Tap
  #job = ''

  static async prepare (bytes: number): Promise<InterruptedUpload> {
    const upload = new InterruptedUpload()
    const fleet = upload.#fleet
    upload.#base = await fleet.place('base')
    upload.#node = await fleet.place('node')
    upload.#provider = await fleet.place('provider')
    await writeNoise(upload.#film, bytes)
    upload.#port = await freePort()
    upload.#tap = await Tap.open(() => upload.#port)
    await upload.#startBase()
    upload.#nodeRun = await fleet.startNode(upload.#node)
    // The base tells everybody this one address, so that the provider always comes back by it.
    await fleet.configureProvider(upload.#provider, { base: `${upload.#tap.address}/p2p/${upload.#base.peer}` })
    return upload
  }

  get #film (): string {
    return join(this.#fleet.dir, 'film.bin')
  }

  /** Bytes on the provider's line to the base in all, with all that is around media. */
  get sentBytes (): number {
    return this.#tap.up
  }

  async begin (): Promise<void> {
    this.#publish = this.#run()
    const { job } = await this.#publish.line('the job is open', ({ type }) => type === 'job.opened')
    this.#job = String(job)
  }

  /** Wait until so much is durable, then interrupt, and wait until it goes on. */
  async interrupt (how: Interruption, atBytes: number): Promise<Interrupted> {
    for (let seen = this.#durable(); seen < atBytes; seen = this.#durable()) await eventually(`more than ${seen} bytes are durable`, () => this.#durable() > seen)
    const before = { durable: this.#start, up: this.#startUp, seen: this.#durable() }
    if (how === 'kill node') {
      await this.#nodeRun.stop('SIGKILL')
      this.#nodeRun = await this.#fleet.startNode(this.#node)
      return { how, atBytes: before.seen, resentBytes: 0 }
    }
    const { connections } = this.#tap
    if (how === 'reset') this.#tap.reset()
    else if (how === 'kill base') {
      await this.#baseRun.stop('SIGKILL')
      await this.#startBase()
    } else {
      await this.#publish.stop('SIGKILL')
      this.#publish = this.#run('--resume', this.#job)
    }
    await eventually('the provider is back', () => this.#tap.connections > connections)
    const sent = this.#tap.up - before.up
    this.#startUp = this.#tap.up
    // What the base tells first on the new connection is what need not be sent again.
    const told = how === 'kill provider' ? 0 : this.#uploads(this.#publish).length
    this.#start = await eventually('the base tells what it has', () => this.#uploads(this.#publish)[told])
    return { how, atBytes: before.seen, resentBytes: Math.max(0, sent - (this.#start - before.durable)) }
  }

  #start = 0
  #startUp = 0

  /** To the end. @returns what is wrong, if anything is */
  async finish (): Promise<string[]> {
    const status = await this.#publish.exit()
    const problems: string[] = []
    if (status !== 0) problems.push(`publish ended with ${status}: ${this.#publish.errors}`)
    if (await digest(join(this.#node.media, 'film.bin')).catch(() => '') !== await digest(this.#film)) problems.push('the node has other bytes')
    return problems
  }

  async stop (): Promise<void> {
    this.#tap.close()
    await this.#fleet.stop()
  }

  #run (...more: string[]): Run {
    return this.#fleet.run('publish', this.#film, '--as', '/film.bin', '-c', this.#provider.config, '--json', ...more)
  }

  async #startBase (): Promise<void> {
    const members = [{ place: this.#node, role: 'node' as const }, { place: this.#provider, role: 'provider' as const }]
    this.#baseRun = await this.#fleet.startBase(this.#base, members, { listen: [`/ip4/127.0.0.1/tcp/${this.#port}`], announce: [this.#tap.address] })
    // Nodes come by the base's own door, so that only the provider is counted.
    this.#fleet.address = `/ip4/127.0.0.1/tcp/${this.#port}/p2p/${this.#base.peer}`
  }

  #uploads (run: Run): number[] {
    return run.lines.filter(({ type }) => type === 'upload').map(({ bytes }) => Number(bytes))
  }

  #durable (): number {
    return Math.max(this.#start, ...this.#uploads(this.#publish))
  }
}

async function writeNoise (path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w')
  const block = Buffer.alloc(MiB)
  for (let at = 0; at < bytes; at += MiB) await file.write(randomFillSync(block), 0, Math.min(MiB, bytes - at))
  await file.close()
}

async function digest (path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
