import { writeFileSync } from 'node:fs'
import { fluidBoundS } from './bounds.ts'
import { type CheckedRun, expectedS, runChecked } from './checked.ts'
import { livenessPlan, safetyPlan } from './fault-modes.ts'
import { lightReportOf } from './light/light-report.ts'
import { LightRun } from './light/light-run.ts'
import { OptionError, type Options, parseOptions, replayOf, USAGE } from './options.ts'
import { plotOf } from './plot.ts'
import { startUs } from './plan.ts'
import { randomPlan } from './random-plan.ts'
import type { RunReport } from './report.ts'
import { standardPlan } from './standard-plan.ts'
import { tableOf } from './table.ts'
import { TraceWriter } from './trace-writer.ts'
import { walkthrough } from './walkthrough.ts'
import { SimulationError, type World } from './world.ts'

/** A soak of many seeds says where it is so often. */
const PROGRESS_SEEDS = 1_000

/** Random plans by what is asked of them. */
const PLANS = { well: randomPlan, safety: safetyPlan, liveness: livenessPlan }

const args = process.argv.slice(2)

function runLight (options: Options, seed: number): RunReport {
  const light = new LightRun(standardPlan({ ...options.standard, seed, replay: replayOf(args, seed) }))
  light.run()
  return lightReportOf(light)
}

function run (options: Options, seed: number, traced: boolean): CheckedRun {
  let trace: TraceWriter | undefined
  const watchers = options.trace == null || !traced ? [] : [(world: World) => trace = new TraceWriter(options.trace as string, world)]
  const plan = options.faults ? PLANS[options.mode ?? 'well'](seed) : standardPlan({ ...options.standard, seed, replay: replayOf(args, seed) })
  const [put] = plan.jobs[0]?.commands ?? []
  const seconds = !options.faults && put?.kind === 'put' ? fluidBoundS({ hosts: plan.hosts, pieces: put.pieces }) : expectedS(plan)
  try {
    return runChecked(plan, seconds, ...watchers)
  } finally {
    trace?.close()
  }
}

/** @returns the exit code */
function main (): number {
  const options = parseOptions(args)
  if (options == null) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  if (options.walkthrough) {
    process.stdout.write(walkthrough())
    return 0
  }
  const reports: RunReport[] = []
  const failures: string[] = []
  let last: CheckedRun | undefined
  for (let index = 0; index < options.seeds; index++) {
    const seed = options.firstSeed + index
    try {
      if (options.light) {
        reports.push(runLight(options, seed))
      } else {
        last = run(options, seed, index === options.seeds - 1)
        reports.push(last.report)
      }
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error
      failures.push(error.message)
      process.stderr.write(`${error.message}\n`)
    }
    if ((index + 1) % PROGRESS_SEEDS === 0) process.stderr.write(`${index + 1} of ${options.seeds} seeds, ${failures.length} failed\n`)
  }
  const table = tableOf(reports).split('\n')
  // Thousands of lines say less than their means.
  if (reports.length > 0) process.stdout.write(`${(reports.length > PROGRESS_SEEDS ? [table[0], table.at(-1)] : table).join('\n')}\n`)
  if (options.json != null) writeFileSync(options.json, `${JSON.stringify({ reports, failures }, null, 2)}\n`)
  if (options.svg != null && last != null) {
    const { plan } = last.simulation.world
    writeFileSync(options.svg, plotOf({ title: `${plan.hosts.length - 1} nodes, seed ${plan.seed}: ${plan.replay}`, samples: last.meter.samples, startUs: startUs(plan) }))
  }
  if (failures.length > 0) process.stderr.write(`${failures.length} of ${options.seeds} seeds failed\n`)
  return failures.length > 0 ? 1 : 0
}

try {
  process.exitCode = main()
} catch (error) {
  if (!(error instanceof OptionError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
