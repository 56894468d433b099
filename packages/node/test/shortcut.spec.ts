import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect } from 'chai'
import { type Flow, isDirect, isFlow, isFree, shortcut, spareEvents } from '../src/shortcut.ts'

describe('shortcut', () => {
  let connection: MultiaddrConnection
  let flow: Flow
  /** What came, by its first byte, and which way. */
  let got: string[]

  beforeEach(() => {
    [connection] = multiaddrConnectionPair()
    flow = connection as unknown as Flow
    got = []
    shortcut(flow, data => { got.push(`direct ${data.subarray()[0]}`) })
  })
  afterEach(() => connection.abort(new Error('the test is over')))

  const listen = (): void => connection.addEventListener('message', ({ data }) => { got.push(`event ${[...data.subarray()].join(' ')}`) })

  it('is taken where one listens', () => {
    listen()
    flow.onData(Uint8Array.of(1))
    expect(got).to.deep.equal(['direct 1'])
  })

  it('is not taken where nobody does yet, or while what came before waits', async () => {
    flow.onData(Uint8Array.of(1))
    listen()
    expect(isDirect(flow)).to.equal(false)
    flow.onData(Uint8Array.of(2))
    await Promise.resolve()
    flow.onData(Uint8Array.of(3))
    expect(got).to.deep.equal(['event 1 2', 'direct 3'])
  })

  it('is not taken where somebody else wants to see it, too', () => {
    listen()
    listen()
    flow.onData(Uint8Array.of(1))
    expect(got).to.deep.equal(['event 1', 'event 1'])
  })

  it('is not taken while the flow is paused', () => {
    listen()
    connection.pause()
    flow.onData(Uint8Array.of(1))
    flow.onData(Uint8Array.of(2))
    expect(got).to.deep.equal([])
    connection.resume()
    flow.onData(Uint8Array.of(3))
    expect(got).to.deep.equal(['event 1 2', 'direct 3'])
  })

  it('spares events that nobody listens to, and no others', () => {
    let made = 0
    const { dispatchEvent } = connection
    connection.dispatchEvent = event => {
      made++
      return dispatchEvent.call(connection, event)
    }
    spareEvents(flow)
    flow.safeDispatchEvent('idle')
    expect(made).to.equal(0)
    connection.addEventListener('idle', () => { got.push('idle') })
    flow.safeDispatchEvent('idle')
    expect([made, ...got]).to.deep.equal([1, 'idle'])
  })

  it('knows when what is sent would wait', () => {
    expect(isFree(flow)).to.equal(true)
    flow.writableNeedsDrain = true
    expect(isFree(flow)).to.equal(false)
    // Nobody drains this one: it waits in the flow.
    connection.send(Uint8Array.of(1))
    flow.writableNeedsDrain = false
    expect([flow.writeBufferLength, isFree(flow)]).to.deep.equal([1, false])
    connection.abort(new Error('cut'))
    expect(isFree(flow)).to.equal(false)
  })

  it('knows a flow', () => {
    expect([connection, {}].map(isFlow)).to.deep.equal([true, false])
  })
})
