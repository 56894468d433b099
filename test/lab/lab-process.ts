import { type ChildProcess, spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import type { LabHost } from './topology.ts'
import type { Workplace } from './workplace.ts'

export type Line = Readonly<Record<string, unknown>>

/** As for the tools the lab is compared with: before whatever else the machine does. */
const NICENESS = -10
/** What is kept of a process's complaints. */
const ERROR_CHARS = 4_000

/** A process in a host's namespace. It speaks in lines of JSON on its standard output, and ends with the lab. */
export class LabProcess {
  readonly lines: Line[] = []
  readonly #child: ChildProcess
  readonly #waiting = new Set<() => void>()
  readonly #ended: Promise<number>
  #errors = ''
  #status: number | undefined

  constructor (workplace: Workplace, host: LabHost, command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    // nsenter and setpriv become the program: its process id is theirs. It is killed with us, however we end.
    const child = spawn('nsenter', [`--net=/run/netns/${host.namespace}`, 'setpriv', '--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
    if (child.pid != null) setPriority(child.pid, NICENESS)
    const release = child.pid == null ? () => {} : workplace.guard(child.pid)
    this.#child = child
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', text => this.#take(text))
    child.stderr?.on('data', data => { this.#errors = (this.#errors + String(data)).slice(-ERROR_CHARS) })
    this.#ended = new Promise(resolve => {
      child.on('error', error => { this.#errors += error.message })
      child.on('close', code => {
        release()
        this.#status = code ?? -1
        this.#wake()
        resolve(this.#status)
      })
    })
  }

  get pid (): number {
    return this.#child.pid as number
  }

  tell (message: object): void {
    this.#child.send(message)
  }

  /** The first line that is meant, as soon as it is there. @throws if the process ends, or the time, before */
  async line (what: string, wanted: (line: Line) => boolean, limitMs: number): Promise<Line> {
    const deadline = performance.now() + limitMs
    for (;;) {
      const found = this.lines.find(wanted)
      if (found != null) return found
      if (this.#status != null) throw new Error(`ended with status ${this.#status} before: ${what}\n${this.#errors}`)
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`not within ${Math.round(limitMs / 1000)} s: ${what}\n${this.#errors}`)
      await this.#news(left)
    }
  }

  /** The status it ends with by itself. */
  async exit (): Promise<number> {
    return await this.#ended
  }

  async stop (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#child.kill(signal)
    await this.#ended
  }

  #take (text: string): void {
    try {
      this.lines.push(JSON.parse(text) as Line)
    } catch {
      this.lines.push({ text })
    }
    this.#wake()
  }

  #news (withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, withinMs)
      this.#waiting.add(done)
    })
  }

  #wake (): void {
    for (const done of [...this.#waiting]) done()
  }
}
