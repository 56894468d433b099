import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
// The program stops within 5 s of SIGTERM; who does not is killed.
const STOP_LIMIT_MS = 6_000
const KEPT_ERROR_LINES = 12

export type JsonLine = Record<string, unknown>

// The types of spawn know no fourth entry of `stdio`.
type Piped = ChildProcessByStdio<null, Readable, Readable>

/** One process of the demo: the real program, with its JSON lines read and all that it says kept in a file. */
export class Child {
  readonly name: string
  /** Resolves with the exit status; 128 + the signal's share for one that was killed. */
  readonly exited: Promise<number>
  readonly #process: Piped
  readonly #errors: string[] = []

  constructor (name: string, args: string[], logFile: string, onLine: (line: JsonLine) => void) {
    this.name = name
    // The channel ends with us, even by kill -9, and the child takes that for SIGTERM.
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }) as Piped
    const log = createWriteStream(logFile, { flags: 'a' })
    createInterface({ input: child.stdout }).on('line', line => {
      log.write(`${line}\n`)
      const parsed = parse(line)
      if (parsed != null) onLine(parsed)
    })
    createInterface({ input: child.stderr }).on('line', line => {
      log.write(`${line}\n`)
      this.#errors.push(line)
      if (this.#errors.length > KEPT_ERROR_LINES) this.#errors.shift()
    })
    this.#process = child
    this.exited = new Promise((resolve, reject) => {
      child.on('error', reject)
      // `close` and not `exit`: the last lines have been read by then.
      child.on('close', (code, signal) => {
        log.end()
        resolve(code ?? (signal == null ? 1 : 128))
      })
    })
  }

  /** What it said last on stderr. */
  get errors (): string {
    return this.#errors.join('\n')
  }

  async stop (): Promise<void> {
    if (this.#process.exitCode != null || this.#process.signalCode != null) return
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.kill(), STOP_LIMIT_MS)
    await this.exited.finally(() => clearTimeout(timer))
  }

  kill (): void {
    this.#process.kill('SIGKILL')
  }
}

function parse (line: string): JsonLine | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value as JsonLine : undefined
  } catch {
    return undefined
  }
}
