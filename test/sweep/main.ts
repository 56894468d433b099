import { parseArgs } from 'node:util'
import { Prng } from '@sluice/core'
import { CrashFleet, type Target } from './crash-fleet.ts'
import type { Victim } from './round.ts'

/**
 * Crash-point sweep: real processes; base and node are killed once at every
 * boundary of their stores and of what they say. The list of boundaries is
 * recorded from undisturbed rounds. One JSON line per crash, one in the end;
 * fails if anything was lost, or a boundary could not be reached again.
 */
const { values } = parseArgs({ options: { role: { type: 'string' }, only: { type: 'string' }, sample: { type: 'string' }, seed: { type: 'string', default: '1' } } })
const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }

const victims = values.role == null ? ['base', 'node'] as const : [values.role as Victim]
const prng = Prng.fromText(`sweep ${values.seed}`)
const fleet = await CrashFleet.start()
let [killed, passedBy, failed] = [0, 0, 0]
try {
  for (const victim of victims) {
    const all = (await fleet.targets(victim)).filter(({ boundary }) => values.only == null || boundary.includes(values.only))
    say({ victim, boundaries: all.length })
    const chosen = values.sample == null ? all : Array.from({ length: Number(values.sample) }, () => all[prng.below(all.length)] as Target)
    for (const target of chosen) {
      const crash = await fleet.crash(target)
      say(crash)
      if (crash.hit) killed++
      else passedBy++
      if (crash.problems.length > 0) failed++
    }
  }
  say({ killed, passedBy, failed })
  process.exitCode = failed === 0 && passedBy === 0 ? 0 : 1
} finally {
  await fleet.stop()
}
