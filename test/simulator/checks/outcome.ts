import { brokenDisksOf, deadOf } from '../plan.ts'
import type { Simulation } from '../simulation.ts'

/**
 * Of all pieces wanted, so many may come twice where nothing goes wrong; and so many more for each loss; and for each
 * uplink that became slow the window it starts with: what was under way then cannot be called back, and is fetched elsewhere.
 */
const DUPLICATE_SHARE = 0.02
const DUPLICATES_PER_LOSS = 64
const DUPLICATES_PER_SLOW = 16
const FREE_DUPLICATES = 8

/** At the end: whoever lives holds everything, to the byte, and says so truthfully. */
export function checkOutcome ({ world, script }: Simulation): void {
  const dead = deadOf(world.plan)
  const broken = brokenDisksOf(world.plan)
  let wanted = 0
  for (const job of script.jobs) {
    for (const index of job.servers) {
      const host = world.hosts[index]
      const record = host?.jobs.get(job.id)
      if (host == null || dead.has(index)) continue
      if (record == null) throw world.error(`${host.name} does not have ${job.id} in the end`)
      job.commands.forEach((command, i) => {
        const seq = i + 1
        if (command.kind === 'end') return
        const outcome = record.outcomes.get(seq)?.state ?? (record.receipts.includes(`command-completed:${seq}`) ? 'completed' : undefined)
        if (outcome == null) throw world.error(`${host.name} has no outcome of command ${seq} of ${job.id} in the end`)
        if (command.kind !== 'put' && command.kind !== 'live') return
        wanted += command.pieces
        const held = record.media.get(seq)?.pieces.count ?? 0
        if (outcome === 'completed' && held !== command.pieces) throw world.error(`${host.name} completed command ${seq} of ${job.id} with ${held} of its ${command.pieces} pieces`)
        const mayFail = broken.has(index) || job.commands.some(other => other.kind === 'cancel' && other.seq === seq) || job.commands.slice(0, i).some(other => other.kind === 'effect' && other.failsAt.includes(index)) || failsBehindCancelled(job.commands, i)
        if (outcome !== 'completed' && !mayFail) throw world.error(`${host.name}: command ${seq} of ${job.id} is ${outcome} in the end, for no reason in the plan`)
      })
    }
  }
  // Who was mended has fetched much again; how much is not the question there.
  if (world.plan.healsMs != null) return
  const duplicates = world.hosts.reduce((sum, { traffic }) => sum + traffic.duplicates, 0)
  const slowed = world.plan.faults.filter(({ kind }) => kind === 'slow').length
  const allowed = FREE_DUPLICATES + wanted * DUPLICATE_SHARE + world.losses * DUPLICATES_PER_LOSS + slowed * DUPLICATES_PER_SLOW
  if (duplicates > allowed) throw world.error(`${duplicates} pieces came twice, of ${wanted} wanted, after ${world.losses} losses; allowed are ${Math.floor(allowed)}`)
}

/** What comes behind a cancelled command on its track fails, too. */
function failsBehindCancelled (commands: Simulation['script']['jobs'][number]['commands'], index: number): boolean {
  const cancelled = commands.flatMap(other => other.kind === 'cancel' ? [other.seq] : [])
  return cancelled.some(seq => seq - 1 < index && commands[seq - 1]?.track === commands[index]?.track)
}
