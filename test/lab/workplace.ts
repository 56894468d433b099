import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What all names of a lab begin with; the lab's process id follows. */
const PREFIX = 'sluice-lab-'
const NAMESPACES = '/run/netns'
/** tmpfs: media and state are not to wait for a disk. */
const MEMORY = '/dev/shm'

/**
 * Everything a lab leaves lying about: network namespaces, processes and a
 * folder in memory. All of it is named after the lab's process, and goes when
 * that process ends, however it ends; what a killed one left is swept by the
 * next.
 */
export class Workplace {
  readonly dir: string
  readonly #prefix: string
  readonly #pids = new Set<number>()

  constructor () {
    sweep()
    this.#prefix = `${PREFIX}${process.pid}-`
    this.dir = join(MEMORY, `${PREFIX}${process.pid}`)
    mkdirSync(this.dir)
    // Synchronous on purpose: `exit` is the one event that comes after an error, a signal and a regular end alike.
    process.on('exit', () => this.#dispose())
    for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) process.on(signal, () => process.exit(status))
  }

  /** The full name of a namespace of this lab. */
  namespace (name: string): string {
    return this.#prefix + name
  }

  /** A process that must not outlive the lab. */
  guard (pid: number): () => void {
    this.#pids.add(pid)
    return () => { this.#pids.delete(pid) }
  }

  #dispose (): void {
    for (const pid of this.#pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It is gone already.
      }
    }
    removeNamespaces(this.#prefix)
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Remove the namespaces whose names begin so, and with them their devices. */
export function removeNamespaces (prefix: string): void {
  for (const name of namespaces()) if (name.startsWith(prefix)) execFileSync('ip', ['netns', 'delete', name])
}

function namespaces (): string[] {
  return existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : []
}

/** What labs that were killed have left. Their processes went with them: the kernel kills them when their lab ends. */
function sweep (): void {
  const left = new Set([...namespaces(), ...readdirSync(MEMORY)].map(labOf).filter(pid => pid != null && !isLab(pid)))
  for (const pid of left) {
    removeNamespaces(`${PREFIX}${pid}-`)
    rmSync(join(MEMORY, `${PREFIX}${pid}`), { recursive: true, force: true })
  }
}

/** The process id in the name of something that a lab made. */
export function labOf (name: string): number | undefined {
  const match = /^sluice-lab-(\d+)(?:-|$)/.exec(name)
  return match == null ? undefined : Number(match[1])
}

/** Whether that lab still runs: ids are used again, so the process must look like one. */
function isLab (pid: number): boolean {
  try {
    return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('lab/main')
  } catch {
    return false
  }
}
