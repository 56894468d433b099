import { type ChildProcess, spawn } from 'node:child_process'
import type { Logger } from '@sluice/node'
import { EXIT } from './failure.ts'

/** A process that ends with this status asks to be started again (sysexits.h: EX_TEMPFAIL). */
export const RESTART_STATUS = 75
/** Restarts within an hour at most: what more of them do not mend, they hide. */
const MAX_RESTARTS = 3
const HOUR_MS = 60 * 60_000
/** How often the child says that it is well, and how long it may be silent, in milliseconds: a long pause of a busy machine is not a frozen loop. */
export const HEARTBEAT_MS = 1_000
export const SILENCE_MS = 20_000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface SupervisorInit {
  /** Arguments of node for the child: the program and its command line. */
  readonly args: readonly string[]
  readonly log: Logger
  /** How long the child may be silent; SILENCE_MS if not given. */
  readonly silenceMs?: number | undefined
}

/**
 * Run the program in a child, and start it again when it asks for it or its
 * event loop is frozen: a frozen process answers nobody, so only its neighbour
 * can tell. Everything else it does, its signals and its status, is passed on.
 *
 * @returns the status of the last child
 */
export async function supervise ({ args, log, silenceMs = SILENCE_MS }: SupervisorInit): Promise<number> {
  const restarts: number[] = []
  let stopping = false
  let child: ChildProcess | undefined
  const pass = (signal: NodeJS.Signals): void => {
    stopping = true
    child?.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  try {
    for (;;) {
      child = spawn(process.execPath, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env: { ...process.env, SLUICE_SUPERVISED: '1' } })
      const ended = await watch(child, silenceMs, log)
      if (stopping || (ended.status !== RESTART_STATUS && !ended.frozen)) return ended.status
      const now = performance.now()
      while (restarts[0] != null && now - restarts[0] > HOUR_MS) restarts.shift()
      if (restarts.length >= MAX_RESTARTS) {
        log.error(`restarted ${MAX_RESTARTS} times within an hour: giving up`, { frozen: ended.frozen })
        return EXIT.failed
      }
      restarts.push(now)
      log.warn('starting again', { because: ended.frozen ? 'its event loop was frozen' : 'it asked for it', restarts: restarts.length })
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass)
  }
}

/** Until the child ends. From its first heartbeat on it has to go on with them; a stopped one is killed all the same. */
async function watch (child: ChildProcess, silenceMs: number, log: Logger): Promise<{ status: number, frozen: boolean }> {
  let timer: NodeJS.Timeout | undefined
  let frozen = false
  child.on('message', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      frozen = true
      log.error('no heartbeat: killing the process', { pid: child.pid, silenceMs })
      child.kill('SIGKILL')
    }, silenceMs)
  })
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      resolve({ status: code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? EXIT.interrupted : EXIT.failed), frozen })
    })
  })
}
