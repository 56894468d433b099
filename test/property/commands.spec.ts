import type { CommandInfo } from '@sluice/core'
import { type BookedCommand, type BookedJob, commandInfo } from '@sluice/node'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Scripted, script } from './command-script.ts'
import { wireCommand } from './wire-command.ts'
import { expectedOf } from './reference.ts'
import { SimulatedServer } from './simulated-server.ts'

/** The 5,000 take about seven seconds of an idle core; in `npm test` a sample has to do. */
const RUNS = process.env.SLUICE_TEST_FULL == null ? 500 : 5_000
const SERVERS = 3
const MAX_PIECES = 3
/** Far more than any job here needs: a server that is not through by then never will be. */
const MAX_SETTLING_ROUNDS = 500

/** What happens to one server next. */
const happening = fc.record({ what: fc.nat(11), server: fc.nat(SERVERS - 1), seq: fc.nat(14), index: fc.nat(MAX_PIECES) })
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function infosOf (commands: readonly Scripted[]): CommandInfo[] {
  const values = [...commands.map(command => wireCommand(command)), wireCommand({ kind: 'end', seq: commands.length + 1 })]
  const job = { commands: values.map(value => ({ signed: { value } })) } as unknown as BookedJob
  return job.commands.map(command => commandInfo(job, command as BookedCommand))
}

function happen (server: SimulatedServer, { what, seq, index }: Happening): void {
  if (what < 3) server.nextCommand()
  else if (what < 7) server.media(seq + 1, index)
  else if (what < 9) server.step(index)
  else if (what < 10) server.crash()
  else if (what < 11) server.return()
  else server.tick()
}

/** Everything that is still missing comes, and every effect is made to its end. */
function settle (server: SimulatedServer, infos: readonly CommandInfo[]): void {
  server.return()
  for (let round = 0; round < MAX_SETTLING_ROUNDS && !server.completed; round++) {
    server.nextCommand()
    for (const { seq, body } of infos) {
      const state = server.state(seq)?.state
      // What was left out or called off is not sent any more.
      if (body.kind === 'put' && (state == null || state === 'in-progress')) for (let index = 0; index <= (body.pieces ?? 0); index++) server.media(seq, index)
    }
    while (server.running > 0) server.step(0)
    server.tick()
  }
}

/** Effects on the tree come in the order of their commands within a track, also where one is done again after a crash. */
function expectOrder (server: SimulatedServer, commands: readonly Scripted[]): void {
  const last = new Map<number, number>()
  for (const seq of server.changes) {
    const { track } = commands[seq - 1] as Scripted
    expect(seq, `command ${seq} after ${last.get(track)} on track ${track}`).to.be.at.least(last.get(track) ?? 0)
    last.set(track, seq)
  }
  commands.forEach((barrier, index) => {
    if (barrier.kind !== 'barrier') return
    const joined = (track: number): boolean => barrier.tracks.length === 0 || track === barrier.track || barrier.tracks.includes(track)
    const own = server.changes.filter(seq => joined((commands[seq - 1] as Scripted).track))
    const firstBehind = own.findIndex(seq => seq > index + 1)
    if (firstBehind >= 0) expect(own.slice(firstBehind).every(seq => seq > index + 1), `barrier ${index + 1} keeps apart ${own.join()}`).to.equal(true)
  })
}

function expectOutcome (server: SimulatedServer, commands: readonly Scripted[], infos: readonly CommandInfo[]): void {
  const replaced = (seq: number): readonly number[] => infos[seq - 1]?.supersedes ?? []
  const those = (wanted: (state: NonNullable<ReturnType<SimulatedServer['state']>>) => boolean): Set<number> => new Set([...server.outcomes].filter(([, state]) => wanted(state)).map(([seq]) => seq))
  const cancelled = those(state => state.state === 'failed' && state.reason.startsWith('cancelled'))
  const superseded = those(({ state }) => state === 'superseded')
  expect(server.completed, 'the server comes to an end').to.equal(true)
  const { tree, states } = expectedOf(commands, { cancelled, superseded }, replaced)
  expect(commands.map(({ seq }) => [seq, server.state(seq)?.state])).to.deep.equal(commands.map(({ seq }) => [seq, states.get(seq)]))
  expect(server.tree.lines()).to.deep.equal(tree.lines())
  // Nobody can tell from the rest what was left out, unless it would have failed and stopped what came after it.
  const whole = expectedOf(commands, { cancelled, superseded: new Set() }, replaced)
  if ([...superseded].every(seq => whole.states.get(seq) === 'completed')) {
    for (const { seq } of commands) if (!superseded.has(seq)) expect(whole.states.get(seq), `command ${seq} with and without ${[...superseded].join()}`).to.equal(states.get(seq))
    expect(tree.lines()).to.deep.equal(whole.tree.lines())
  }
  for (const seq of superseded) expect(infos.some(({ supersedes }) => supersedes?.includes(seq))).to.equal(true)
}

describe('commands: any queue, any order of arrival, crashes and returns', () => {
  it(`end in the model's tree and states on every server, in order, ${RUNS} times`, function () {
    this.timeout(600_000)
    const seen = { crashes: 0, superseded: 0, failed: 0, published: 0 }
    fc.assert(fc.property(script, fc.array(happening, { maxLength: 120 }), (commands, happenings) => {
      const infos = infosOf(commands)
      const servers = Array.from({ length: SERVERS }, () => new SimulatedServer(commands, infos))
      for (const one of happenings) {
        const server = servers[one.server] as SimulatedServer
        if (one.what === 9 && server.isUp) seen.crashes++
        happen(server, one)
      }
      for (const server of servers) {
        settle(server, infos)
        expectOrder(server, commands)
        expectOutcome(server, commands, infos)
        for (const { state } of server.outcomes.values()) if (state === 'superseded' || state === 'failed') seen[state]++
        for (const { kind, seq } of commands) if (kind === 'publish' && server.state(seq)?.state === 'completed') seen.published++
      }
    }), { numRuns: RUNS, seed: 11 })
    // A generator that makes none of these would prove nothing.
    for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.greaterThan(RUNS / 50)
  })
})
