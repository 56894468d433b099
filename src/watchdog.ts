import { execFile } from 'node:child_process'
import type { Logger } from '@sluice/node'
import { HEARTBEAT_MS, RESTART_STATUS } from './supervisor.ts'

/** How often the store is tried, in milliseconds: each try is a write that is made durable. */
const PROBE_MS = 5_000
/** Until a reply that says so is out, the process stays, in milliseconds. */
const LAST_WORDS_MS = 500
const MICROSECONDS = 1_000

/** What is to be well, beside the event loop, before anybody is told that this process is. */
export type Probe = () => Promise<void>

/** Whether somebody starts this process again when it ends with RESTART_STATUS: our supervisor, or systemd by the unit of docs/lifecycle.md. */
export function supervised (environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.SLUICE_SUPERVISED === '1' || (environment.NOTIFY_SOCKET ?? '') !== ''
}

/** Ends this process so that it is started again; undefined where nobody would. */
export function supervisedRestart (): (() => void) | undefined {
  if (!supervised()) return undefined
  return () => { setTimeout(() => process.exit(RESTART_STATUS), LAST_WORDS_MS) }
}

/**
 * Tell whoever watches this process that it is well, as long as it is: our
 * supervisor over its channel, systemd by `systemd-notify` (a datagram socket,
 * which Node has not got). Both hear nothing while the event loop is frozen or
 * the store does not answer.
 *
 * @returns a function that ends it
 */
export function feedWatchdogs (probe: Probe, log: Logger, environment: NodeJS.ProcessEnv = process.env): () => void {
  const bySystemd = (environment.NOTIFY_SOCKET ?? '') !== ''
  const watchdogMs = Number(environment.WATCHDOG_USEC ?? 0) / MICROSECONDS
  if (!supervised(environment)) return () => {}
  let well = true
  let probing = false
  const notify = (state: string): void => {
    execFile('systemd-notify', [state], error => { if (error != null) log.warn('systemd not notified', { error: error.message }) })
  }
  const look = (): void => {
    if (probing) return
    probing = true
    // While it hangs, nothing is known to be well.
    const overdue = setTimeout(() => { well = false }, PROBE_MS)
    probe().then(() => { well = true }, (error: Error) => {
      well = false
      log.error('the store does not answer: the watchdog is not fed', { error: error.message })
    }).finally(() => {
      clearTimeout(overdue)
      probing = false
    })
  }
  const timers = [setInterval(look, PROBE_MS)]
  if (environment.SLUICE_SUPERVISED === '1' && process.send != null) {
    const beat = (): void => { if (well) process.send?.({ type: 'alive' }) }
    beat()
    timers.push(setInterval(beat, HEARTBEAT_MS))
  }
  if (bySystemd) {
    notify('READY=1')
    // Half of what it allows, as sd_watchdog_enabled(3) advises.
    if (watchdogMs > 0) timers.push(setInterval(() => { if (well) notify('WATCHDOG=1') }, watchdogMs / 2))
  }
  return () => { for (const timer of timers) clearInterval(timer) }
}
