import { expect } from 'chai'
import { machineCounters, retransmits } from './counters.ts'
import { pairsIn } from './fleet.ts'
import { shaper } from './shaping.ts'
import { labOf } from './workplace.ts'

describe('the lab\'s counters', () => {
  it('find a column by its name', () => {
    const snmp = 'Ip: Forwarding\nIp: 1\nTcp: RtoMin OutSegs RetransSegs InErrs\nTcp: 200 900 17 0\nUdp: X\nUdp: 5\n'
    expect(retransmits(snmp)).to.equal(17)
    expect(retransmits('')).to.equal(0)
  })

  it('count as busy all but idle and waiting for a disk', () => {
    expect(machineCounters('cpu  10 1 20 500 60 2 3 4 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).to.deep.equal({ busy: 40, total: 600 })
  })

  it('take one pair of hosts for one, whoever dialled and how often', () => {
    const head = '  sl  local_address rem_address   st tx_queue rx_queue\n'
    const row = (local: string, remote: string, state: string): string => `   0: ${local}:1004 ${remote}:A1B2 ${state} 00000000:00000000\n`
    const ours = head + row('01004D0A', '02004D0A', '01') + row('01004D0A', '02004D0A', '01') + row('0100007F', '0100007F', '01') + row('00000000', '00000000', '0A')
    const theirs = head + row('02004D0A', '01004D0A', '01') + row('02004D0A', '03004D0A', '01') + row('02004D0A', '04004D0A', '06')
    expect(new Set([ours, theirs].flatMap(pairsIn)).size).to.equal(2)
  })
})

describe('the lab\'s network', () => {
  it('lets ten frames through at once, or 2 ms of a fast link', () => {
    expect(shaper(20e6)).to.deep.equal(['tbf', 'rate', '20000000bit', 'burst', '15140b', 'latency', '50ms'])
    expect(shaper(1e9)).to.include('250000b')
  })

  it('is known by the process that made it', () => {
    expect(labOf('sluice-lab-123-n1')).to.equal(123)
    expect(labOf('sluice-lab-123')).to.equal(123)
    expect(labOf('sluice-lab-12x-n1')).to.equal(undefined)
    expect(labOf('somebody-elses')).to.equal(undefined)
  })
})
