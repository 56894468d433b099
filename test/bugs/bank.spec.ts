import { expect } from 'chai'
import { expectedS, runChecked } from '../simulator/checked.ts'
import { safetyPlan } from '../simulator/fault-modes.ts'
import { randomPlan } from '../simulator/random-plan.ts'
import { SimulationError } from '../simulator/world.ts'
import { BUGS, type Bug } from './bank.ts'
import { laboratory, type Laboratory, sabotaged } from './loader.ts'

/** By then every bug is caught. Most are within ten. */
const SEEDS = 1_000
/** Count honestly, from 1; else a plan that is known to show the bug comes first, so that this takes seconds. */
const IN_ORDER = process.env.SLUICE_TEST_FULL === '1'
/** No plan takes so long, on however slow a machine. */
const PLAN_MS = 10_000
/** The checker that threw, by the file it is in. Those that have none of their own are the simulation itself, and the core's invariants. */
const CHECKER = /\/simulator\/(?:checks\/)?([a-z-]+)\.js/

/** @returns what a run of this seed violates, and who says so */
function violation ({ runChecked, expectedS, randomPlan, safetyPlan, SimulationError }: Laboratory, seed: number, plans: Bug['plans']): { checker: string, message: string } | undefined {
  const plan = plans === 'safety' ? safetyPlan(seed) : randomPlan(seed)
  try {
    runChecked(plan, expectedS(plan))
    return undefined
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error
    // The first line of the stack that is not the error's own making.
    const thrower = error.stack?.split('\n').filter(line => line.startsWith('    at ') && !line.includes('/world.js')).map(line => CHECKER.exec(line)?.[1]).find(name => name != null)
    return { checker: thrower ?? 'world', message: error.message.split('\n')[0] ?? '' }
  }
}

/** Plans that the true core does not run well prove nothing. */
const sound = new Map<string, boolean>()

function runsWell (seed: number, plans?: Bug['plans']): boolean {
  const key = `${plans} ${seed}`
  let well = sound.get(key)
  if (well == null) sound.set(key, well = violation({ runChecked, expectedS, randomPlan, safetyPlan, SimulationError }, seed, plans) == null)
  return well
}

async function caught (bug: Bug): Promise<{ seed: number, after: number, checker: string, message: string } | undefined> {
  const lab = await laboratory(bug)
  const inOrder = Array.from({ length: SEEDS }, (_, index) => index + 1)
  for (const [index, seed] of (IN_ORDER ? inOrder : [bug.seed, ...inOrder]).entries()) {
    const found = violation(lab, seed, bug.plans)
    if (found != null && runsWell(seed, bug.plans)) return { seed, after: index + 1, ...found }
  }
  return undefined
}

describe('bug bank', function () {
  this.timeout(SEEDS * PLAN_MS)

  it('has twenty bugs at least, each with a name of its own', () => {
    expect(new Set(BUGS.map(({ name }) => name)).size).to.equal(BUGS.length).and.at.least(20)
  })

  for (const bug of BUGS) {
    it(bug.name, async function () {
      const found = await caught(bug)
      if (found == null) expect.fail(`no checker noticed it in ${SEEDS} random plans: ${JSON.stringify(bug)}`)
      // What the reporter prints.
      if (this.test != null) this.test.title += `: caught by ${found.checker} with seed ${found.seed}, ${found.after === 1 ? 'the first' : `after ${found.after}`} tried: ${found.message}`
    })
  }

  it('refuses a bug whose place is not in the source, or is there twice', () => {
    const bug = { name: 'a test', file: 'x.js', from: 'one', to: 'two', seed: 1 }
    expect(sabotaged(bug, 'only one here')).to.equal('only two here')
    for (const text of ['nothing', 'one and one']) expect(() => sabotaged(bug, text)).to.throw(/bring test\/bugs\/bank.ts up to date/)
  })

  it('leaves the core that everybody else imports as it is', () => {
    expect(runsWell(1)).to.equal(true)
  })
})
