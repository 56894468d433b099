import { readFileSync } from 'node:fs'

/** Of /proc/PID/stat and /proc/stat. */
const TICKS_PER_SECOND = 100
const KIB = 1024

/** What the kernel counted for one process and for the namespace it is in. */
export interface HostCounters {
  readonly cpuS: number
  /** The most memory it had resident, in bytes. */
  readonly peakBytes: number
  /** Of the host's only link, Ethernet headers included. */
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly retransmits: number
}

export function hostCounters (pid: number): HostCounters {
  const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, 'utf8')
  const stat = read('stat').replace(/^.*\) /, '').split(' ')
  const device = /eth0:\s*(\d+)(?:\s+\d+){7}\s+(\d+)/.exec(read('net/dev'))
  return {
    cpuS: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND,
    peakBytes: Number(/VmHWM:\s+(\d+) kB/.exec(read('status'))?.[1] ?? 0) * KIB,
    sentBytes: Number(device?.[2] ?? 0),
    receivedBytes: Number(device?.[1] ?? 0),
    retransmits: retransmits(read('net/snmp'))
  }
}

/** TCP's retransmitted segments, out of a table whose first line names its columns. */
export function retransmits (snmp: string): number {
  const [names = '', values = ''] = snmp.split('\n').filter(line => line.startsWith('Tcp:'))
  return Number(values.split(' ')[names.split(' ').indexOf('RetransSegs')] ?? 0)
}

/** The machine's clock ticks since its start, all cores together. */
export interface MachineCounters {
  readonly busy: number
  readonly total: number
}

export function machineCounters (stat = readFileSync('/proc/stat', 'utf8')): MachineCounters {
  // user nice system idle iowait irq softirq steal; guests are counted in user already.
  const ticks = (stat.split('\n', 1)[0] ?? '').split(/\s+/).slice(1, 9).map(Number)
  const total = ticks.reduce((sum, value) => sum + value, 0)
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total }
}
