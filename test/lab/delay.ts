import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabProcess } from './lab-process.ts'
import type { Workplace } from './workplace.ts'

// From dist/test/lab: the compiler of TypeScript leaves C where it is.
const SOURCE = fileURLToPath(new URL('../../../test/lab/delay.c', import.meta.url))
const TAP = 'tap0'
const BRIDGE = 'br0'
const START_MS = 5_000

export interface DelayedPort {
  /** The bridge's end of a host's veth pair. */
  readonly port: string
  /** Of the host's end. */
  readonly mac: string
}

/** Propagation delay, which this kernel's shapers cannot give: a process that holds frames. How is told in delay.c. */
export class Delay {
  readonly #process: LabProcess

  private constructor (process: LabProcess) {
    this.#process = process
  }

  static async insert (workplace: Workplace, bridge: string, ports: readonly DelayedPort[], delayMs: number): Promise<Delay> {
    const program = join(workplace.dir, 'delay')
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', program, SOURCE], { stdio: 'inherit' })
    const batch = (command: string, lines: readonly string[]): void => { execFileSync(command, ['-n', bridge, '-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'ignore', 'inherit'] }) }
    batch('ip', [
      `tuntap add dev ${TAP} mode tap vnet_hdr`,
      `link set ${TAP} master ${BRIDGE}`,
      // Where a host is, is written down below: the bridge must not believe the frames that come back to be at home at the tap.
      `link set ${TAP} type bridge_slave learning off flood off mcast_flood off bcast_flood off`,
      `link set ${TAP} up`,
      ...ports.map(({ port }) => `link set ${port} type bridge_slave isolated on learning off`)
    ])
    batch('bridge', ports.map(({ port, mac }) => `fdb replace ${mac} dev ${port} master static`))
    const process = new LabProcess(workplace, { name: 'bridge', address: '', namespace: bridge, access: undefined }, [program, String(Math.round(delayMs * 1000)), TAP, ...ports.map(({ port }) => port)])
    await process.line('the delay is in place', ({ msg }) => msg === 'ready', START_MS)
    return new Delay(process)
  }

  /** @returns frames, drops and lateness, as a line of text */
  async stop (): Promise<string> {
    await this.#process.stop()
    const { msg, ...account } = this.#process.lines.at(-1) ?? {}
    return JSON.stringify(account)
  }
}
