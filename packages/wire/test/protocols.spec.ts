import { expect } from 'chai'
import { KAD_PROTOCOL, type Protocol, PROTOCOLS, STRANGER_MAX_BYTES, STRANGER_TIMEOUT_MS } from '../src/protocols.ts'

const ENTRIES: Array<[string, Protocol]> = Object.entries(PROTOCOLS)

describe('protocols', () => {
  it('have an id each, made of their name', () => {
    for (const [name, { id }] of ENTRIES) expect(id).to.equal(`/sluice/${name}/1.0.0`)
    expect(new Set([KAD_PROTOCOL, ...ENTRIES.map(([, { id }]) => id)]).size).to.equal(ENTRIES.length + 1)
  })

  for (const [name, protocol] of ENTRIES) {
    it(`bound what ${name} may cost`, () => {
      expect(protocol.maxMessageBytes).to.be.within(1, 16 * 2 ** 20)
      expect(protocol.maxStreams).to.be.within(1, 64)
      expect(protocol.timeoutMs).to.be.within(0, 60_000)
    })

    it(`say who may open ${name}`, () => {
      expect(protocol.dialers).to.not.have.length(0)
      expect(new Set(protocol.dialers).size).to.equal(protocol.dialers.length)
      if (name !== 'hello') expect(protocol.dialers).to.not.include('stranger')
    })
  }

  it('leave a stranger less than a member', () => {
    expect(STRANGER_MAX_BYTES).to.be.within(1, PROTOCOLS.hello.maxMessageBytes)
    expect(STRANGER_TIMEOUT_MS).to.be.within(1, PROTOCOLS.hello.timeoutMs)
  })
})
