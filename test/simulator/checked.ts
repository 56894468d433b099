import { ApproachCheck } from './checks/approach.ts'
import { CapCheck } from './checks/cap.ts'
import { DurabilityCheck } from './checks/durability.ts'
import { IdlePairsCheck } from './checks/idle-pairs.ts'
import { OrphansCheck } from './checks/orphans.ts'
import { checkOutcome } from './checks/outcome.ts'
import { PushesCheck } from './checks/pushes.ts'
import { RangesCheck } from './checks/ranges.ts'
import { ReceiptsCheck } from './checks/receipts.ts'
import { RequestsCheck } from './checks/requests.ts'
import { ServingCheck } from './checks/serving.ts'
import { TracksCheck } from './checks/tracks.ts'
import { LaneBook } from './lane-book.ts'
import { Meter } from './meter.ts'
import { healedMs, startUs, type Plan } from './plan.ts'
import { reportOf, type RunReport } from './report.ts'
import { Simulation } from './simulation.ts'
import type { Observer, World } from './world.ts'

/** A run is looked at about so often, and never more often than this. */
const SAMPLES = 300
const MIN_SAMPLE_US = 20_000

export interface CheckedRun {
  readonly report: RunReport
  readonly meter: Meter
  readonly simulation: Simulation
}

/**
 * Run a plan with every checker looking on.
 *
 * @param expectedS - how long it will take, roughly: how finely it is sampled
 * @throws {SimulationError} that names the seed and the command to run it again
 */
export function runChecked (plan: Plan, expectedS: number, ...watchers: Array<(world: World) => Observer>): CheckedRun {
  const simulation = new Simulation(plan)
  const { world } = simulation
  const lanes = new LaneBook(world)
  // Where faults have no limit only what must never happen is asked, not how well the rest goes.
  const safety = plan.goal === 'safe' || plan.healsMs != null
  // Without index lists servers are approached again and again: that is what they are for.
  const approach = safety || plan.peer?.optimizations?.indexLists === false ? [] : [new ApproachCheck(world), new RangesCheck(world)]
  const meter = new Meter(simulation, lanes, Math.max(MIN_SAMPLE_US, Math.round(expectedS * 1e6 / SAMPLES)))
  const well = safety ? [] : [new RequestsCheck(world), new OrphansCheck(world, lanes), ...approach]
  const checks = [new ServingCheck(world), new PushesCheck(world), new DurabilityCheck(world, simulation.recorded), new CapCheck(world), new TracksCheck(world), new ReceiptsCheck(world), ...well]
  for (const observer of [lanes, meter, ...checks, ...watchers.map(watch => watch(world))]) simulation.observe(observer)
  if (!safety) new IdlePairsCheck(world, lanes)
  simulation.run()
  meter.stop()
  if (plan.goal !== 'safe') checkOutcome(simulation)
  return { simulation, meter, report: reportOf(simulation, meter) }
}

/** Seconds until a plan's last fault is mended, for plans that nobody has a bound for. */
export function expectedS (plan: Plan): number {
  return Math.max(1, (healedMs(plan) * 1000 - startUs(plan)) / 1e6)
}
