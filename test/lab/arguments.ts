import { parseArgs } from 'node:util'
import { type LabCase, labCase, suite, type Throttle } from './lab-case.ts'

export interface LabArguments {
  readonly cases: readonly LabCase[]
  /** Where the figures go as JSON. */
  readonly json: string | undefined
  /** Seeds the simulator is run with, beside each case. */
  readonly seeds: number
}

export const USAGE = `npm run lab -- [options]      real processes over shaped links; needs root
  --nodes N          nodes beside the base (8)
  --mbit M           every access, both ways, on the wire (20)
  --mib F            size of the media (64)
  --runs R           repetitions; medians are reported (3)
  --heterogeneous    half of the nodes send at M/4, half at 2M; all receive at 2M
  --[no-]declared    nodes state their upload rate in their configuration (default: if heterogeneous)
  --uploading        begin with the provider's request; default: with a base that holds the media
  --throttle F       also R runs in which one relay's uplink is cut to F of its rate
  --at A             … when A of the bound has passed (0.5)
  --delay-ms D       every frame between two hosts takes D ms (a round trip 2 D)
  --seeds S          runs of the simulator beside each case; their median is compared (3)
  --suite            all promised cases; of the others only --runs, --mib, --seeds and --json count
  --json FILE        write all figures there`

/** The usage is wrong; the message says how to mend it. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

/** Nodes beside the base: their addresses end in 2 … 201. */
const MAX_NODES = 200
/** Far above what two cores can move, so that a slip of the hand is caught. */
const MAX_MBIT = 10_000
const MAX_MIB = 16_384
const MAX_RUNS = 100
const MAX_DELAY_MS = 1_000
/** Of the bound: sources are chosen by then, and half of the work is still to do. */
const MIDDLE = 0.5
/** Seeds differ by a few per cent in the simulator. */
const SEEDS = 3

/** @throws {ArgumentError} */
export function parseArguments (argv: readonly string[]): LabArguments | 'help' {
  const values = read(argv)
  if (values.help === true) return 'help'
  const whole = (name: 'nodes' | 'mib' | 'runs' | 'seeds', max: number): number | undefined => within(name, values[name], 1, max, Number.isInteger)
  const runs = whole('runs', MAX_RUNS)
  const mib = whole('mib', MAX_MIB)
  const given = { ...runs == null ? {} : { runs }, ...mib == null ? {} : { mib } }
  const rest = { json: values.json, seeds: whole('seeds', MAX_RUNS) ?? SEEDS }
  if (values.suite === true) return { cases: suite(given), ...rest }
  const factor = within('throttle', values.throttle, 0.001, 1)
  const at = within('at', values.at, 0, 1)
  if (at != null && factor == null) throw new ArgumentError('--at says when a relay is throttled: give --throttle, too')
  const throttle: Throttle | undefined = factor == null ? undefined : { factor, at: at ?? MIDDLE }
  const nodes = whole('nodes', MAX_NODES)
  const mbit = within('mbit', values.mbit, 0.1, MAX_MBIT)
  const delayMs = within('delay-ms', values['delay-ms'], 0, MAX_DELAY_MS)
  try {
    return {
      cases: [labCase({
        ...given,
        ...nodes == null ? {} : { nodes },
        ...mbit == null ? {} : { mbit },
        ...delayMs == null ? {} : { delayMs },
        ...values.declared == null ? {} : { declared: values.declared },
        heterogeneous: values.heterogeneous === true,
        start: values.uploading === true ? 'uploading' : 'held',
        throttle
      })],
      ...rest
    }
  } catch (error) {
    throw error instanceof RangeError ? new ArgumentError(error.message) : error
  }
}

function read (argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...argv],
      allowNegative: true,
      options: { nodes: text, mbit: text, mib: text, runs: text, heterogeneous: flag, uploading: flag, declared: flag, throttle: text, at: text, 'delay-ms': text, seeds: text, suite: flag, json: text, help: flag }
    }).values
  } catch (error) {
    throw new ArgumentError((error as Error).message)
  }
}

function within (name: string, text: string | undefined, min: number, max: number, kind = Number.isFinite): number | undefined {
  if (text == null) return undefined
  const value = Number(text)
  if (text.trim() === '' || !kind(value) || value < min || value > max) throw new ArgumentError(`--${name} ${text}: give a ${kind === Number.isInteger ? 'whole ' : ''}number from ${min} to ${max}`)
  return value
}
