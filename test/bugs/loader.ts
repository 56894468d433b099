import { registerHooks } from 'node:module'
import type * as Checked from '../simulator/checked.ts'
import type * as FaultModes from '../simulator/fault-modes.ts'
import type * as RandomPlan from '../simulator/random-plan.ts'
import type * as World from '../simulator/world.ts'
import type { Bug } from './bank.ts'

const SIMULATOR = new URL('../simulator/', import.meta.url).href
const CORE = new URL('./', import.meta.resolve('@sluice/core')).href
/** In the address of every module of a simulator whose core has a bug: `?bug=name`. */
const MARK = 'bug'

/** A simulator of its own, with a core of its own. */
export interface Laboratory extends Pick<typeof Checked, 'runChecked' | 'expectedS'>, Pick<typeof RandomPlan, 'randomPlan'>, Pick<typeof FaultModes, 'safetyPlan'>, Pick<typeof World, 'SimulationError'> {}

/** Planted so far. */
const planted = new Map<string, Bug>()

registerHooks({
  /** What a marked module imports of simulator and core is marked, too: it is another instance than everybody else's. */
  resolve (specifier, context, next) {
    const resolved = next(specifier, context)
    const bug = bugOf(context.parentURL)
    return bug == null || !isOurs(resolved.url) ? resolved : { ...resolved, url: marked(resolved.url, bug) }
  },
  load (url, context, next) {
    const loaded = next(url, context)
    const bug = planted.get(bugOf(url) ?? '')
    return bug == null || fileOf(url) !== bug.file ? loaded : { ...loaded, source: sabotaged(bug, textOf(loaded.source)) }
  }
})

/**
 * The simulator over a core that has this bug; the core that others import stays as it is.
 *
 * @throws {Error} if the bug's place is not found exactly once: it must follow the source
 */
export async function laboratory (bug: Bug): Promise<Laboratory> {
  planted.set(bug.name, bug)
  const [{ runChecked, expectedS }, { randomPlan }, { safetyPlan }, { SimulationError }] = await Promise.all([
    import(marked(new URL('checked.js', SIMULATOR).href, bug.name)) as Promise<typeof Checked>,
    import(marked(new URL('random-plan.js', SIMULATOR).href, bug.name)) as Promise<typeof RandomPlan>,
    import(marked(new URL('fault-modes.js', SIMULATOR).href, bug.name)) as Promise<typeof FaultModes>,
    import(marked(new URL('world.js', SIMULATOR).href, bug.name)) as Promise<typeof World>
  ])
  return { runChecked, expectedS, randomPlan, safetyPlan, SimulationError }
}

/** @throws {Error} if the text to replace is not there exactly once */
export function sabotaged ({ name, file, from, to }: Bug, text: string): string {
  const found = text.split(from).length - 1
  if (found !== 1) throw new Error(`bug ${JSON.stringify(name)} replaces ${JSON.stringify(from)}, which ${file} has ${found} times and must have once: bring test/bugs/bank.ts up to date with the source`)
  // As a function: `$` in the text means nothing.
  return text.replace(from, () => to)
}

/** As a bug names it. */
function fileOf (url: string): string | undefined {
  const { pathname } = new URL(url)
  if (url.startsWith(CORE)) return pathname.slice(new URL(CORE).pathname.length)
  return url.startsWith(SIMULATOR) ? pathname.slice(new URL('..', SIMULATOR).pathname.length) : undefined
}

function isOurs (url: string): boolean {
  return url.startsWith(SIMULATOR) || url.startsWith(CORE)
}

function marked (url: string, bug: string): string {
  return `${url}?${MARK}=${encodeURIComponent(bug)}`
}

function bugOf (url: string | undefined): string | undefined {
  return url == null || !isOurs(url) ? undefined : new URL(url).searchParams.get(MARK) ?? undefined
}

function textOf (source: unknown): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
}
