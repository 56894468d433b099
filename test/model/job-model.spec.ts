import { expect } from 'chai'
import { type Exploration, explore } from './explorer.ts'
import { jobModel } from './job-model.ts'
import { COMPLETE, FAILURE, type State, UNKNOWN, UNREACHABLE } from './job-state.ts'
import { ALL_COMMANDS, type Command, FAILED, PUT, RULES, type Rule, type Scenario } from './scenario.ts'

const LIVE_THEN_PUT: Command[] = [{ kind: 'live', track: 1 }, { kind: 'put', track: 0 }]

const SCENARIOS: Scenario[] = [
  {
    name: 'first pass, 5 servers, no faults',
    servers: 5, commands: PUT, faults: 0,
    kinds: [], anyPart: true, reduction: 'serial'
  },
  {
    name: 'hand-over and receipts, 5 servers, 3 faults',
    servers: 5, commands: PUT, faults: 3,
    kinds: ['crash', 'ack-loss'], reduction: 'phased'
  },
  {
    name: 'hand-over with early re-issue, 3 servers, 2 faults',
    servers: 3, commands: PUT, faults: 2,
    kinds: ['crash', 'ack-loss', 'early-reissue'], anyPart: true, reduction: 'phased'
  },
  {
    name: 'every order of local steps, 2 servers, 4 commands',
    servers: 2, commands: ALL_COMMANDS, faults: 1,
    kinds: ['crash'], batches: [2, 2], reduction: 'local'
  },
  {
    name: '3 servers, 4 commands, 2 faults of all servers\' kinds',
    servers: 3, commands: ALL_COMMANDS, faults: 2,
    kinds: ['crash', 'failure', 'deadline', 'ack-loss'], batches: [2, 2], reduction: 'phased'
  },
  {
    name: 'base crash, 3 servers',
    servers: 3, commands: LIVE_THEN_PUT, faults: 2,
    kinds: ['crash', 'base-crash', 'ack-loss'], reduction: 'phased'
  },
  {
    name: 'base crash and provider gone, 2 servers, 4 commands',
    servers: 2, commands: ALL_COMMANDS, faults: 2,
    kinds: ['crash', 'base-crash', 'ack-loss'], providerMayDie: true, reduction: 'phased'
  },
  {
    name: 'everything together, 5 servers, 4 commands, 1 fault',
    servers: 5, commands: ALL_COMMANDS, faults: 1,
    kinds: ['crash', 'ack-loss', 'early-reissue', 'failure', 'base-crash'], providerMayDie: true, reduction: 'phased'
  }
]

/** Small scenarios, in one of which every rule of correctness must be missed. */
const PUT_3: Scenario = { name: 'put/3', servers: 3, commands: PUT, faults: 1, kinds: ['crash', 'ack-loss', 'early-reissue'], reduction: 'serial' }
const PUT_4: Scenario = { name: 'put/4', servers: 4, commands: PUT, faults: 1, kinds: ['crash'], anyPart: true, reduction: 'serial' }
const ALL_2: Scenario = { name: 'all/2', servers: 2, commands: ALL_COMMANDS, faults: 1, kinds: ['crash', 'failure'], reduction: 'phased' }
const BASE_3: Scenario = { name: 'base/3', servers: 3, commands: LIVE_THEN_PUT, faults: 2, kinds: ['crash', 'base-crash'], reduction: 'phased' }

const MISSED: Array<[Rule, Scenario, RegExp]> = [
  ['receipt-after-durable', PUT_3, /not durable/],
  ['track-order', ALL_2, /before command 1 of its track/],
  ['superseded-needs-queue', ALL_2, /superseded without/],
  ['outbox-is-durable', PUT_3, /a receipt is lost/],
  ['base-commits-before-ack', BASE_3, /a receipt is lost/],
  ['close-is-journalled', BASE_3, /live put closed otherwise|two closes/],
  ['restart-signs-missing', PUT_3, /not complete/],
  ['completed-needs-end', PUT_3, /before the whole queue is known/],
  ['completed-needs-commands', ALL_2, /with commands open/],
  ['completed-refuses-ranges', PUT_3, /ranges came/],
  ['completed-takes-nothing-back', PUT_4, /ranges came/],
  ['give-back', PUT_3, /not complete/],
  ['reissue', PUT_3, /has not got the job/],
  ['hello', PUT_3, /does not know the whole queue/],
  ['hello-reaches-base', BASE_3, /does not know/],
  ['hello-on-new-connection', BASE_3, /does not know/],
  ['hello-carries-closes', ALL_2, /does not know how the live put closed/],
  ['repair-supersedes-failure', ALL_2, /called failed and is not/]
]

/** Without these a job is slower or repaired less, and every line of its report is still true. */
const SPEED_ONLY: Rule[] = ['take-back', 'ack-names-ranges', 'repeat-is-idempotent', 'query', 'query-repairs']

function verdicts (exploration: Exploration<State>): string[] {
  return [...new Set(exploration.ends.map(end => end.servers.map(server => server.verdict).sort().join('')))].sort()
}

function run (scenario: Scenario): Exploration<State> {
  const startedAt = performance.now()
  const found = explore(jobModel(scenario))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (found.violation !== undefined) throw new Error([found.violation.message, ...found.violation.trace].join('\n  '))
  console.log(`      ${found.states} states, ${found.transitions} transitions, depth ${found.depth}, ${found.ends.length} ends, ${seconds} s`)
  return found
}

describe('the job protocol, model checked', function () {
  this.timeout(120_000)

  for (const scenario of SCENARIOS) {
    it(`${scenario.name}: no state breaks an invariant, and every path ends with a true line per server`, () => {
      const found = run(scenario)
      expect(found.acyclic).to.equal(true)
      expect(found.ends.some(end => end.servers.every(server => server.verdict === COMPLETE))).to.equal(true)
    })
  }

  it('reaches every verdict, superseding and repair, so that the invariants are not empty', () => {
    const { ends } = run({ ...ALL_2, faults: 2, kinds: ['crash', 'failure', 'deadline'], batches: [2, 2] })
    const servers = ends.flatMap(end => end.servers)
    expect(new Set(servers.map(server => server.verdict))).to.deep.equal(new Set([COMPLETE, FAILURE, UNREACHABLE, UNKNOWN]))
    expect(servers.some(server => server.verdict === COMPLETE && server.superseded !== 0)).to.equal(true)
    expect(servers.some(server => server.verdict === COMPLETE && (server.got & FAILED) !== 0)).to.equal(true)
  })

  it('ends alike with and without the reductions', () => {
    const scenario: Scenario = { ...PUT_3, servers: 2, faults: 2, reduction: 'none' }
    const full = verdicts(run(scenario))
    for (const reduction of ['local', 'serial', 'phased'] as const) expect(verdicts(run({ ...scenario, reduction }))).to.deep.equal(full)
  })

  for (const [rule, scenario, message] of MISSED) {
    it(`misses the rule: ${RULES[rule]}`, () => {
      const { violation } = explore(jobModel({ ...scenario, without: [rule] }))
      expect(violation?.message).to.match(message)
      expect(violation?.trace).to.have.length.greaterThan(1)
    })
  }

  for (const rule of SPEED_ONLY) {
    it(`does not need for correctness: ${RULES[rule]}`, () => {
      for (const scenario of [PUT_3, ALL_2, BASE_3]) expect(explore(jobModel({ ...scenario, without: [rule] })).violation).to.equal(undefined)
    })
  }

  it('knows a use, or the lack of one, for every rule', () => {
    expect(new Set([...MISSED.map(([rule]) => rule), ...SPEED_ONLY])).to.deep.equal(new Set(Object.keys(RULES)))
  })
})
