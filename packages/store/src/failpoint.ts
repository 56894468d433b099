import { appendFileSync } from 'node:fs'

/**
 * Boundaries: the moments before and after a step on which durability rests,
 * such as `before-staged-data` and `after-staged-data`. Tests end the process at
 * one, or let the step fail, and look at what is made of it afterwards. Only
 * the environment can switch this on:
 *
 * - `SLUICE_FAILPOINT=NAME:NTH:ACTION[,…]`: at the NTH passing (1 is the first)
 *   of the boundary, `kill` this process as by `kill -9`, or let the step fail
 *   once with `EIO` or `ENOSPC`
 * - `SLUICE_FAILPOINT_RECORD=FILE`: append the name of each boundary to the file
 *   when it is first passed. Lists of boundaries are made by this, and never typed.
 */
interface Failpoint {
  readonly name: string
  readonly nth: number
  readonly action: Action
}

type Action = 'kill' | 'EIO' | 'ENOSPC'
const ACTIONS: readonly string[] = ['kill', 'EIO', 'ENOSPC'] satisfies Action[]

// SQLite's own numbers of these errors, so that they take the way that real ones take (journal-error.ts).
const SQLITE_CODES = { EIO: 10, ENOSPC: 13 } as const

/** @throws {RangeError} what is wrong with it, and what it must look like */
export function parseFailpoints (text: string): Failpoint[] {
  return text.split(',').map(part => {
    const [name = '', nth, action = ''] = part.split(':')
    if (!/^(?:before|after)-[\w+-]+$/.test(name) || !/^[1-9]\d*$/.test(nth ?? '') || !ACTIONS.includes(action)) {
      throw new RangeError(`SLUICE_FAILPOINT: ${JSON.stringify(part)} is no failpoint: write NAME:NTH:ACTION, such as before-staged-data:1:kill, with an action of ${ACTIONS.join(', ')}`)
    }
    return { name, nth: Number(nth), action: action as Action }
  })
}

/** What passing boundaries comes to, by a plan. Exported to be tested: everybody else calls `failpoint` and `across`. */
export function watchBoundaries (plan: readonly Failpoint[], record: (name: string) => void, kill: () => void): (name: string) => void {
  const passed = new Map<string, number>()
  return name => {
    const count = (passed.get(name) ?? 0) + 1
    passed.set(name, count)
    if (count === 1) record(name)
    const hit = plan.find(point => point.name === name && point.nth === count)
    if (hit == null) return
    if (hit.action === 'kill') return kill()
    throw Object.assign(new Error(`${hit.action}: the failpoint ${name} was set to fail`), { code: hit.action, errcode: SQLITE_CODES[hit.action] })
  }
}

const { SLUICE_FAILPOINT: plan, SLUICE_FAILPOINT_RECORD: file } = process.env

/** Whether anybody watches: who has to find out a boundary's name does so only then. */
export const watched = (plan ?? file) != null

/** A boundary is passed. @throws what the environment wants to go wrong here */
export const failpoint: (name: string) => void = watched
  ? watchBoundaries(plan == null ? [] : parseFailpoints(plan), name => { if (file != null) appendFileSync(file, `${name}\n`) }, () => { process.kill(process.pid, 'SIGKILL') })
  : () => {}

/** Do a step between its two boundaries. */
export const across: <T>(name: string, step: () => Promise<T>) => Promise<T> = watched
  ? async (name, step) => {
    failpoint(`before-${name}`)
    const result = await step()
    failpoint(`after-${name}`)
    return result
  }
  : async (_name, step) => await step()
