import type { JobClosed } from '@sluice/sdk'
import { ReceiptKind } from '@sluice/wire'
import { expect } from 'chai'
import { type NodeOutcome, type Outcome, violationsOf } from './checks.ts'
import type { SampledReceipt } from './journal-sample.ts'

const NAMES = ['node-1', 'node-2']
const FILES = new Map([['/a', 'one']])
const line = (node: string) => ({ peer: node, state: 'complete' as const, sources: {}, switches: 0, gaps: 0 })
const closed = (servers: JobClosed['servers'] = NAMES.map(line)): JobClosed => ({ type: 'job.closed', job: 'j', outcome: 'complete', bytes: 1, elapsedMs: 1, servers })
const stated = (node: string, kind = ReceiptKind.COMMAND_COMPLETED, seq = 1) => ({ node, kind, seq })
const node = (name: string, bent: Partial<NodeOutcome> = {}): NodeOutcome => ({ name, peer: name, listing: new Map(FILES), journal: undefined, hurt: undefined, spoilt: new Set(), ...bent })

/** One put that two nodes have, bent by each test. */
function outcome (bent: Partial<Outcome> = {}): Outcome {
  return {
    commands: 1,
    closed: closed(),
    evidence: { queue: ['put', 'end'], receipts: NAMES.map(name => stated(name)) },
    lines: [{ type: 'command.accepted', seq: 1, kind: 'put' }, { type: 'upload', seq: 1, bytes: 5 }],
    nodes: NAMES.map(name => node(name)),
    base: undefined,
    final: FILES,
    lasting: new Map([[1, FILES]]),
    baseHurt: false,
    ...bent
  }
}

describe('what has to hold after a run', () => {
  const violations = (bent: Partial<Outcome>): string => violationsOf(outcome(bent)).join('\n')

  it('does, where everything is as it should be', () => {
    expect(violationsOf(outcome())).to.deep.equal([])
  })

  it('is one line for each server', () => {
    expect(violations({ closed: closed([line('node-1')]) })).to.match(/lines for 1 servers/)
    expect(violations({ closed: closed([line('node-1'), line('node-1')]) })).to.match(/1 different/)
  })

  it('is one final word on each command of each server that is complete', () => {
    expect(violations({ evidence: { queue: ['put'], receipts: [stated('node-1')] } })).to.match(/node-2 is complete, and there is no final receipt of command 1/)
    expect(violations({ evidence: { queue: ['put'], receipts: [...NAMES.map(name => stated(name)), stated('node-1', ReceiptKind.COMMAND_FAILED)] } })).to.match(/node-1 gave 2 final words on command 1/)
  })

  it('is the data that a receipt speaks of, and nothing else', () => {
    expect(violations({ nodes: [node('node-1', { listing: new Map() }), node('node-2')] })).to.match(/node-1 is complete, and \/a is not there\n(?:.*\n)*node-1 gave a receipt of command 1, and \/a is not there/)
    expect(violations({ nodes: [node('node-1', { listing: new Map([['/a', 'two']]) }), node('node-2')] })).to.match(/\/a is another file/)
    expect(violations({ nodes: [node('node-1', { listing: new Map([...FILES, ['/b', 'two']]) }), node('node-2')] })).to.match(/\/b is there/)
    expect(violations({ nodes: [node('node-1', { listing: new Map(), spoilt: new Set(['/a']) }), node('node-2')] })).to.equal('')
  })

  it('is what was accepted and acknowledged', () => {
    expect(violations({ lines: [{ type: 'command.accepted', seq: 3, kind: 'mkdir' }] })).to.match(/command 3 \(mkdir\) was accepted, and the queue has nothing there/)
    expect(violations({ lines: [{ type: 'upload', seq: 1, bytes: 5 }, { type: 'upload', seq: 1, bytes: 4 }] })).to.match(/of put 1 5 bytes were acknowledged, and later only 4/)
  })

  it('is a reason for whoever is not complete', () => {
    const failing = { closed: closed([{ ...line('node-1'), state: 'failed', reason: 'why' }, line('node-2')]) }
    expect(violations(failing)).to.match(/node-1 is failed \(why\), and nothing was done to it/)
    expect(violations({ ...failing, nodes: [node('node-1', { hurt: 'full disk' }), node('node-2')] })).to.equal('')
  })

  it('is that the base has every receipt that a node let go of', () => {
    const receipt: SampledReceipt = { node: 'node-1', number: 1, final: null, hash: 'AA', outbox: false }
    const journal = { sequences: new Map(), receipts: [receipt] }
    expect(violations({ nodes: [node('node-1', { journal }), node('node-2')] })).to.match(/node-1 let go of its receipt 1/)
    expect(violations({ nodes: [node('node-1', { journal }), node('node-2')], base: journal })).to.equal('')
  })
})
