import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What makes such places. */
export type PlaceKind = 'lab' | 'chaos'
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

  constructor (kind: PlaceKind = 'lab') {
    sweep(kind)
    this.#prefix = `${prefixOf(kind)}${process.pid}-`
    this.dir = join(MEMORY, `${prefixOf(kind)}${process.pid}`)
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
    for (const place of mountsBelow(this.dir)) execFileSync('umount', [place])
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** What all names of such a place begin with; its process id follows. */
function prefixOf (kind: PlaceKind): string {
  return `sluice-${kind}-`
}

/** Small disks that somebody made below a folder. */
function mountsBelow (folder: string): string[] {
  return readFileSync('/proc/self/mounts', 'utf8').split('\n').flatMap(line => line.split(' ')[1] ?? []).filter(place => place.startsWith(`${folder}/`))
}

/** Remove the namespaces whose names begin so, and with them their devices. */
export function removeNamespaces (prefix: string): void {
  for (const name of namespaces()) if (name.startsWith(prefix)) execFileSync('ip', ['netns', 'delete', name])
}

function namespaces (): string[] {
  return existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : []
}

/** What labs that were killed have left. Their processes went with them: the kernel kills them when their lab ends. */
function sweep (kind: PlaceKind): void {
  const left = new Set([...namespaces(), ...readdirSync(MEMORY)].map(name => labOf(name, kind)).filter(pid => pid != null && !isLab(pid, kind)))
  for (const pid of left) {
    removeNamespaces(`${prefixOf(kind)}${pid}-`)
    for (const place of mountsBelow(join(MEMORY, `${prefixOf(kind)}${pid}`))) execFileSync('umount', [place])
    rmSync(join(MEMORY, `${prefixOf(kind)}${pid}`), { recursive: true, force: true })
  }
}

/** The process id in the name of something that a lab made. */
export function labOf (name: string, kind: PlaceKind = 'lab'): number | undefined {
  const match = new RegExp(`^${prefixOf(kind)}(\\d+)(?:-|$)`).exec(name)
  return match == null ? undefined : Number(match[1])
}

/** Whether that lab still runs: ids are used again, so the process must look like one. */
function isLab (pid: number, kind: PlaceKind): boolean {
  try {
    return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${kind}/main`)
  } catch {
    return false
  }
}
