import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workplace } from '../lab/workplace.ts'
import type { ChaosOptions } from './arguments.ts'
import { drawPlan, type Plan } from './plan.ts'
import { renderRun } from './report.ts'
import { runOnce, type RunResult } from './run.ts'

const MINUTE_MS = 60_000

/** Runs one after the other, some side by side. */
export class Suite {
  readonly #options: ChaosOptions
  readonly #root: boolean
  readonly #workplace: Workplace
  #boundaries: Record<'base' | 'node', string[]> = { base: [], node: [] }

  constructor (options: ChaosOptions, root: boolean, workplace: Workplace) {
    this.#options = options
    this.#root = root
    this.#workplace = workplace
  }

  /** The command that has a run again. */
  again (seed: number): string {
    const { maxMib, maxNodes, noRoot, fault } = this.#options
    return `npm run chaos -- --runs 1 --seed ${seed} --mib ${maxMib} --nodes ${maxNodes}${fault == null ? '' : ` --fault '${fault}'`}${noRoot ? ' --no-root' : ''} --keep ${join(tmpdir(), 'chaos')}`
  }

  /** A run without faults: it has to hold, and the boundaries of the store are those that it passes. */
  async calibrate (): Promise<void> {
    const records = join(this.#workplace.dir, 'boundaries')
    mkdirSync(records)
    const { violations } = await this.#play({ ...this.#plan(0), manner: 'program', faults: [] }, records)
    if (violations.length > 0) throw new Error(`a run without any fault does not hold:\n${violations.join('\n')}`)
    const read = (role: string): string[] => [...new Set(readFileSync(join(records, role), 'utf8').trim().split('\n'))].sort()
    this.#boundaries = { base: read('base'), node: read('node') }
    this.#say(`boundaries: ${this.#boundaries.base.length} of the base, ${this.#boundaries.node.length} of a node`)
  }

  async run (): Promise<RunResult[]> {
    const { runs, seed, atOnce, quiet, keep, minutes = Number.POSITIVE_INFINITY } = this.#options
    const lastMs = performance.now() + minutes * MINUTE_MS
    const seeds = Array.from({ length: runs }, (_, index) => seed + index)
    const results: RunResult[] = []
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let next = seeds.shift(); next != null && performance.now() < lastMs; next = seeds.shift()) {
        const result = await this.#play(this.#plan(next), undefined, keep)
        results.push(result)
        if (!quiet || result.violations.length > 0) this.#say(renderRun(result))
        for (const violation of result.violations) this.#say(`  ✖ ${violation}`)
      }
    }))
    return results.sort((a, b) => a.plan.seed - b.plan.seed)
  }

  async #play (plan: Plan, recordTo?: string, keep?: string): Promise<RunResult> {
    const name = recordTo == null ? `${plan.seed}` : 'first'
    const dir = join(this.#workplace.dir, name)
    mkdirSync(dir)
    const result = await runOnce({ plan, dir, namespaces: this.#root ? this.#workplace.namespace(`${name}-`) : undefined, maxMib: this.#options.maxMib, boundaries: this.#boundaries, recordTo })
    if (keep != null && result.violations.length > 0) {
      if (existsSync(join(keep, name))) rmSync(join(keep, name), { recursive: true })
      cpSync(dir, join(keep, name), { recursive: true })
    }
    rmSync(dir, { recursive: true, force: true })
    return result
  }

  #plan (seed: number): Plan {
    return drawPlan(seed, { root: this.#root, maxMib: this.#options.maxMib, maxNodes: this.#options.maxNodes, fault: this.#options.fault })
  }

  #say (text: string): void {
    process.stdout.write(`${text}\n`)
  }
}
