import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ChaosHost } from './network.ts'

export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
/** As the program itself begins. */
export const HEAP = new URL('../../src/heap.js', import.meta.url).href
/** What is kept of a process's complaints, for the message of who finds it dead. */
const ERROR_CHARS = 2_000

export type Line = Readonly<Record<string, unknown>>

/** What a process is started with beside its arguments. */
export interface Start {
  readonly env?: Readonly<Record<string, string>> | undefined
  /** A program that is to start it, such as strace. */
  readonly wrapper?: readonly string[] | undefined
}

/** How a process ended. */
export interface Ending {
  readonly status: number | undefined
  readonly signal: string | undefined
  readonly errors: string
}

/**
 * One process on one host. It speaks in lines of JSON, goes when we go, and may
 * be killed and stopped for a while.
 */
export class Running {
  readonly ended: Promise<Ending>
  readonly #child: ChildProcess
  #isOver = false
  #errors = ''

  /** @param log - a file that gets everything it says */
  constructor (host: ChaosHost, args: readonly string[], log: string, { env = {}, wrapper = [] }: Start, onLine: (line: Line) => void) {
    const command = [...wrapper, process.execPath, '--import', HEAP, ...args]
    // Each of these becomes the next: the process id is the program's.
    const [program = '', ...rest] = host.namespace == null ? command : ['nsenter', `--net=/run/netns/${host.namespace}`, 'setpriv', '--pdeathsig', 'KILL', ...command]
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
    this.#child = child
    const file = createWriteStream(log, { flags: 'a' })
    file.write(`--- started, pid ${child.pid}, ${Object.entries(env).join(' ')} ${wrapper.join(' ')}\n`)
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', text => {
      file.write(`${text}\n`)
      try {
        onLine(JSON.parse(text) as Line)
      } catch {
        onLine({ text })
      }
    })
    child.stderr?.on('data', data => {
      file.write(data)
      this.#errors = (this.#errors + String(data)).slice(-ERROR_CHARS)
    })
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => {
        this.#isOver = true
        file.end(`--- ended by ${signal ?? `itself, status ${status}`}\n`)
        resolve({ status: status ?? undefined, signal: signal ?? undefined, errors: this.#errors })
      })
    })
  }

  get isOver (): boolean {
    return this.#isOver
  }

  signal (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name)
  }

  async kill (): Promise<void> {
    // One that is stopped dies of it, too.
    this.signal('SIGKILL')
    await this.ended
  }
}
