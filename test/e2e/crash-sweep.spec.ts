import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Prng } from '@sluice/core'
import { expect } from 'chai'
import { CrashFleet, type Target } from '../sweep/crash-fleet.ts'
import type { Victim } from '../sweep/round.ts'

/** Crashes of each role; npm run sweep does all of them. */
const SAMPLE = 2
/** Sources have a boundary's name where they pass it. */
const NAMED = /(?:across|failpoint)\('(?:before-|after-)?([\w-]+)'/g

describe('a crash at any boundary of what is durable', () => {
  let fleet: CrashFleet
  const recorded = new Map<Victim, Target[]>()

  before(async function () {
    this.timeout(180_000)
    fleet = await CrashFleet.start()
    for (const victim of ['base', 'node'] as const) recorded.set(victim, await fleet.targets(victim))
  })
  after(async () => { await fleet?.stop() })

  it('is among those that the sweep passes, whatever the sources name', () => {
    const passed = new Set([...recorded.values()].flat().map(({ boundary }) => boundary.replace(/^(?:before|after)-/, '')))
    const named = new Set<string>()
    for (const floor of ['store', 'node', 'base']) {
      const folder = fileURLToPath(new URL(`../../../packages/${floor}/src/`, import.meta.url))
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts')) continue
        for (const [, name] of readFileSync(`${folder}${file}`, 'utf8').matchAll(NAMED)) named.add(name as string)
      }
    }
    expect(named.size).to.be.greaterThan(20)
    expect([...named].filter(name => !passed.has(name))).to.deep.equal([])
  })

  for (const victim of ['base', 'node'] as const) {
    it(`of a ${victim} costs nothing: a sample`, async function () {
      this.timeout(180_000)
      const all = recorded.get(victim) as Target[]
      const prng = Prng.fromText(`sweep sample of ${victim}`)
      for (let count = 0; count < SAMPLE; count++) {
        const crash = await fleet.crash(all[prng.below(all.length)] as Target)
        expect(crash.problems, crash.boundary).to.deep.equal([])
        expect(crash.hit, crash.boundary).to.equal(true)
      }
    })
  }
})
