import { ALL_OPTIMIZATIONS, type OptimizationName, type Optimizations, optimizationsWithout } from '@sluice/core'
import { parseArgs } from 'node:util'
import type { StandardOptions } from './standard-plan.ts'

/** What the command line asks for. */
export interface Options {
  readonly standard: Omit<StandardOptions, 'seed' | 'replay'>
  readonly firstSeed: number
  readonly seeds: number
  /** Random plans of faults instead of the standard one. */
  readonly faults: boolean
  /** More of them: without limit, and only safety is checked; or all mended at one time, and then everything must come to its end. */
  readonly mode: 'safety' | 'liveness' | undefined
  readonly walkthrough: boolean
  /** The light driver instead of the production core at every node. */
  readonly light: boolean
  readonly json: string | undefined
  readonly svg: string | undefined
  readonly trace: string | undefined
}

/** A command line that cannot be meant. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}

interface NumberRule {
  readonly fallback: number | undefined
  readonly min: number
  readonly max: number
  readonly whole: boolean
  readonly what: string
}

/** More production cores than this take hours, and all of the memory. */
const MAX_CORE_NODES = 20_000

const NUMBERS = {
  seed: { fallback: 1, min: 0, max: 2 ** 31, whole: true, what: 'first seed' },
  seeds: { fallback: 1, min: 1, max: 1_000_000, whole: true, what: 'how many seeds, one run each' },
  nodes: { fallback: 8, min: 1, max: 200_000, whole: true, what: `nodes beside the base; more than ${MAX_CORE_NODES} with --light only` },
  mib: { fallback: 256, min: 1 / 16, max: 1_048_576, whole: false, what: 'MiB to bring to each' },
  mbit: { fallback: 100, min: 0.1, max: 100_000, whole: false, what: 'Mbit/s of each access, up and down' },
  source: { fallback: undefined, min: 0.1, max: 100_000, whole: false, what: 'Mbit/s of the base\'s uplink; as --mbit (twice that with --heterogeneous) if not given' },
  chunks: { fallback: 1024, min: 1, max: 1_048_576, whole: true, what: 'chunks the put is cut into' },
  rtt: { fallback: 20, min: 0, max: 10_000, whole: false, what: 'ms of round trip' },
  'rtt-spread': { fallback: 0, min: 0, max: 0.99, whole: false, what: 'share by which pairs differ in it' },
  jitter: { fallback: 0.05, min: 0, max: 0.99, whole: false, what: 'share by which each piece\'s time varies' },
  drift: { fallback: 0, min: 0, max: 0.99, whole: false, what: 'share by which rates wander' },
  stale: { fallback: 0, min: 0, max: 10_000, whole: true, what: 'ms by which haves are late, at most, beyond batch and delay' }
} as const satisfies Record<string, NumberRule>

const FLAGS = {
  heterogeneous: 'uploads of 1, 2 and 5 × --mbit at 50, 30 and 20 % of the nodes, downloads of 5 ×',
  slow: '10 % of the nodes drop to 2 % of their upload rate at mid-job',
  die: '10 % of the nodes die at mid-job',
  'tcp': 'what TCP adds: control messages stand behind the pieces of their connection, and uplinks carry acknowledgements of segments',
  live: 'the base gets the put piece by piece, at 80 % of the rate that could reach everybody',
  faults: 'a random plan of a small fleet and faults for each seed, instead of all of the above',
  safety: 'with --faults: more of them, disks included, some for good; nobody need complete, nothing wrong may happen',
  liveness: 'with --faults: as many, all mended after 15 s; then everybody must complete, and every job be closed',
  light: 'large fleets: nodes are arrays that decide by the core\'s policies; one put, and nothing that breaks',
  walkthrough: 'print a small job, step by step',
  help: 'print this'
} as const

const LISTS = {
  without: `turn optimizations off, to see what they are worth: ${Object.keys(ALL_OPTIMIZATIONS).join(', ')}`
} as const

const FILES = {
  json: 'write all reports to this file',
  svg: 'plot the progress of the last run into this file',
  trace: 'write every input and effect of the last run to this file'
} as const

export const USAGE = [
  'npm run sim -- [options]',
  ...Object.entries(NUMBERS).map(([name, { fallback, what }]) => `  --${name} N`.padEnd(20) + what + (fallback == null ? '' : ` (${fallback})`)),
  ...Object.entries(FLAGS).map(([name, what]) => `  --${name}`.padEnd(20) + what),
  ...Object.entries(LISTS).map(([name, what]) => `  --${name} A,B`.padEnd(20) + what),
  ...Object.entries(FILES).map(([name, what]) => `  --${name} FILE`.padEnd(20) + what)
].join('\n')

/** What only the production core is run with. */
const UNKNOWN_TO_LIGHT = ['rtt-spread', 'tcp', 'drift', 'slow', 'die', 'live', 'faults', 'walkthrough', 'svg', 'trace'] as const

/** @returns undefined if help was asked for. @throws {OptionError} that says which option, and what it may be */
export function parseOptions (args: readonly string[]): Options | undefined {
  const { values } = parse(args)
  if (values.help === true) return undefined
  const number = (name: keyof typeof NUMBERS): number | undefined => numberOf(name, values[name] as string | undefined)
  const flag = (name: keyof typeof FLAGS): boolean => values[name] === true
  const file = (name: keyof typeof FILES): string | undefined => values[name] as string | undefined
  const mbit = number('mbit') as number
  const heterogeneous = flag('heterogeneous')
  for (const name of ['slow', 'die', 'live', 'heterogeneous', 'tcp'] as const) if (flag('faults') && flag(name)) throw new OptionError(`--faults makes a plan of its own: leave out --${name}`)
  if ((flag('safety') || flag('liveness')) && !flag('faults')) throw new OptionError('--safety and --liveness are for plans of faults: add --faults')
  if (flag('safety') && flag('liveness')) throw new OptionError('--safety and --liveness are two runs: leave out one of them')
  if (flag('light')) for (const name of UNKNOWN_TO_LIGHT) if (values[name] != null) throw new OptionError(`--light does not know --${name}: leave out one of the two`)
  if (!flag('light') && (number('nodes') as number) > MAX_CORE_NODES) throw new OptionError(`--nodes ${values.nodes}: more than ${MAX_CORE_NODES} run with --light only`)
  return {
    standard: {
      nodes: number('nodes') as number,
      mib: number('mib') as number,
      mbit,
      source: number('source') ?? mbit * (heterogeneous ? 2 : 1),
      chunks: number('chunks') as number,
      rtt: number('rtt') as number,
      rttSpread: number('rtt-spread') as number,
      jitter: number('jitter') as number,
      drift: number('drift') as number,
      stale: number('stale') as number,
      heterogeneous,
      slow: flag('slow'),
      die: flag('die'),
      tcp: flag('tcp'),
      live: flag('live'),
      without: withoutOf(values.without as string | undefined)
    },
    firstSeed: number('seed') as number,
    seeds: number('seeds') as number,
    faults: flag('faults'),
    mode: flag('safety') ? 'safety' : flag('liveness') ? 'liveness' : undefined,
    walkthrough: flag('walkthrough'),
    light: flag('light'),
    json: file('json'),
    svg: file('svg'),
    trace: file('trace')
  }
}

function withoutOf (value: string | undefined): Partial<Optimizations> {
  const off = value == null ? [] : value.split(',')
  const unknown = off.find(name => !Object.hasOwn(ALL_OPTIMIZATIONS, name))
  if (unknown != null) throw new OptionError(`--without ${unknown}: there are ${Object.keys(ALL_OPTIMIZATIONS).join(', ')}`)
  return optimizationsWithout(off as OptimizationName[])
}

/** The command that runs one seed of these options again. */
export function replayOf (args: readonly string[], seed: number): string {
  const kept: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    const name = arg.replace(/=.*/, '')
    if (['--seed', '--seeds', '--json', '--svg', '--trace'].includes(name)) i += arg.includes('=') ? 0 : 1
    else kept.push(arg)
  }
  return ['npm run sim --', ...kept, '--seed', seed].join(' ')
}

function parse (args: readonly string[]): { values: Record<string, unknown> } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {}
  for (const name of [...Object.keys(NUMBERS), ...Object.keys(LISTS), ...Object.keys(FILES)]) options[name] = { type: 'string' }
  for (const name of Object.keys(FLAGS)) options[name] = { type: 'boolean' }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split('. ')[0]}; --help lists the options`)
  }
}

function numberOf (name: keyof typeof NUMBERS, text: string | undefined): number | undefined {
  const { fallback, min, max, whole, what }: NumberRule = NUMBERS[name]
  if (text == null) return fallback
  const value = Number(text)
  const fits = text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))
  if (!fits) throw new OptionError(`--${name} ${text}: give ${whole ? 'a whole number' : 'a number'} from ${min} to ${max} (${what})`)
  return value
}
