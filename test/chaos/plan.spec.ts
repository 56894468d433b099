import { expect } from 'chai'
import { drawPlan, FAULTS, type PlanInit, ROLES } from './plan.ts'

const INIT: PlanInit = { root: true, maxMib: 24, maxNodes: 6 }
const HUNDRED = Array.from({ length: 100 }, (_, index) => drawPlan(index + 1, INIT))

describe('a plan of chaos', () => {
  it('is the same again from the same seed, and another from another', () => {
    expect(drawPlan(7, INIT)).to.deep.equal(drawPlan(7, INIT))
    expect(drawPlan(7, INIT)).to.not.deep.equal(drawPlan(8, INIT))
  })

  it('kills each role at least thirty times in a hundred, and has every kind of fault', () => {
    const faults = HUNDRED.flatMap(plan => plan.faults)
    for (const role of ROLES) expect(faults.filter(fault => fault.kind === 'kill' && fault.role === role).length, role).to.be.at.least(30)
    for (const kind of Object.keys(FAULTS)) expect(faults.filter(fault => fault.kind === kind).length, kind).to.be.at.least(10)
  })

  it('keeps to what can be had without root', () => {
    const kinds = new Set(HUNDRED.map(({ seed }) => drawPlan(seed, { ...INIT, root: false })).flatMap(plan => plan.faults.map(({ kind }) => kind)))
    for (const [kind, needs] of Object.entries(FAULTS)) expect(kinds.has(kind as keyof typeof FAULTS), kind).to.equal(needs === 'anywhere')
  })

  it('has jobs of every kind of command, given in both manners', () => {
    expect(new Set(HUNDRED.map(({ manner }) => manner))).to.have.all.keys('publish', 'program')
    expect(new Set(HUNDRED.flatMap(({ steps }) => steps.map(({ kind }) => kind)))).to.have.all.keys('put', 'mkdir', 'setattr', 'move', 'remove', 'publish', 'verify', 'barrier')
  })
})
