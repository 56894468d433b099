import { parseArgs } from 'node:util'
import { FAULTS } from './plan.ts'

/** The command line is not understood. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

export const USAGE = `npm run chaos -- [--runs N] [--seed S] [--at-once N] [--mib N] [--nodes N] [--fault KIND] [--minutes N] [--no-root] [--keep DIR] [--quiet]

Real processes, faults by a seed, and then: nothing lost, everything accounted for.

  --runs N     so many runs, with the seeds S, S + 1, …          (1 to 10000, 10)
  --seed S     the first seed                                    (0 to 2147483647, 1)
  --at-once N  fleets that run side by side                      (1 to 8, 2)
  --mib N      at most so much media in a job                    (6 to 64, 24)
  --nodes N    at most so many nodes in a fleet, at least 4      (4 to 12, 6)
  --fault KIND the fault beside kills, in every run: ${Object.keys(FAULTS).join(', ')}
  --minutes N  no run begins after so long: the table has those that did  (1 to 1440)
  --no-root    without network namespaces, mounts and strace, even where they could be had
  --keep DIR   leave the folder of each run that failed there
  --quiet      no line for each run

Exit status: 0 if every run held, 1 if not, 2 for a wrong command line.`

export interface ChaosOptions {
  readonly runs: number
  readonly seed: number
  readonly atOnce: number
  readonly maxMib: number
  readonly maxNodes: number
  /** The fault that every run has; by the seed if not given. */
  readonly fault: keyof typeof FAULTS | undefined
  /** No run begins later, in minutes from the start. */
  readonly minutes: number | undefined
  /** Do without root's tools. */
  readonly noRoot: boolean
  readonly keep: string | undefined
  readonly quiet: boolean
}

/** @throws {ArgumentError} */
export function parseArguments (argv: readonly string[]): ChaosOptions | 'help' {
  const values = read(argv)
  if (values.help === true) return 'help'
  return {
    runs: within('runs', values.runs, 1, 10_000) ?? 10,
    seed: within('seed', values.seed, 0, 2 ** 31 - 1) ?? 1,
    atOnce: within('at-once', values['at-once'], 1, 8) ?? 2,
    maxMib: within('mib', values.mib, 6, 64) ?? 24,
    maxNodes: within('nodes', values.nodes, 4, 12) ?? 6,
    fault: faultOf(values.fault),
    minutes: within('minutes', values.minutes, 1, 1440),
    noRoot: values['no-root'] === true,
    keep: values.keep,
    quiet: values.quiet === true
  }
}

function read (argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({ args: [...argv], options: { runs: text, seed: text, 'at-once': text, mib: text, nodes: text, fault: text, minutes: text, 'no-root': flag, keep: text, quiet: flag, help: flag } }).values
  } catch (error) {
    throw new ArgumentError((error as Error).message)
  }
}

function faultOf (text: string | undefined): keyof typeof FAULTS | undefined {
  if (text == null || Object.hasOwn(FAULTS, text)) return text as keyof typeof FAULTS | undefined
  throw new ArgumentError(`--fault ${text}: give one of ${Object.keys(FAULTS).join(', ')}`)
}

function within (name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text == null) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) throw new ArgumentError(`--${name} ${text}: give a whole number from ${min} to ${max}`)
  return value
}
