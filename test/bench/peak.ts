import { readFileSync } from 'node:fs'

/** The most memory a process has had resident so far, in MiB; undefined once it is gone. */
export function peakMiB (pid: number): number | undefined {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return peak == null ? undefined : Math.round(Number(peak[1]) / 1024)
  } catch {
    return undefined
  }
}
