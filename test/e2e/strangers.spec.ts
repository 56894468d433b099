import { join } from 'node:path'
import { frame, type RunningPeer } from '@sluice/node'
import { hello, KAD_PROTOCOL, PROTOCOLS, STRANGER_MAX_BYTES } from '@sluice/wire'
import { expect } from 'chai'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { closeOf, Outsider, sayOn } from './outsider.ts'

const NOTHING = new Uint8Array()
const OURS = Object.values(PROTOCOLS).map(({ id }) => id).filter(id => id !== PROTOCOLS.hello.id)
/** What would be answered, if he were somebody: a frame of ours, FIND_NODE of the DHT, 32 bytes of ping. */
const QUESTIONS: Array<[protocol: string, bytes: Uint8Array]> = [
  ...OURS.map((id): [string, Uint8Array] => [id, Uint8Array.of(0)]),
  [KAD_PROTOCOL, Uint8Array.of(38, 0x08, 0x04, 0x12, 34, ...new Uint8Array(34).fill(9))],
  ['/ipfs/ping/1.0.0', new Uint8Array(32).fill(1)]
]

describe('a stranger\'s dial', () => {
  let fleet: LocalFleet
  let base: RunningPeer
  let node: RunningPeer
  let stranger: Outsider

  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 1 })
    base = await fleet.startBase()
    node = await fleet.startNode(fleet.nodes[0] as Place)
  })
  after(async () => { await fleet.stop() })
  beforeEach(async () => { stranger = await Outsider.start() })
  afterEach(async () => { await stranger.stop() })

  const targets = (): Array<[string, string]> => [['base', base.addresses[0] as string], ['node', node.addresses[0] as string]]

  it('is ended by base and node, if he does not say who he is', async () => {
    await Promise.all(targets().map(async ([name, address]) => {
      const connection = await stranger.dial(address)
      await closeOf(connection)
      expect(connection.status, name).to.not.equal('open')
    }))
  })

  it('gets no answer on any protocol but hello', async () => {
    const identified: string[] = []
    stranger.host.addEventListener('peer:identify', event => { identified.push(event.detail.peerId.toString()) })
    await Promise.all(targets().map(async ([name, address]) => {
      const connection = await stranger.dial(address)
      const answers = await Promise.all(QUESTIONS.map(async ([protocol, bytes]) => [protocol, (await sayOn(connection, protocol, bytes)).length]))
      expect(answers.filter(([, length]) => length !== 0), name).to.deep.equal([])
      await closeOf(connection)
    }))
    expect(identified, 'nobody tells him its addresses and protocols').to.deep.equal([])
  })

  it('is told why he is refused, and the connection ends', async () => {
    await Promise.all(targets().map(async ([name, address]) => {
      const connection = await stranger.dial(address)
      const greeting = hello.Hello.encode({ version: '1', credential: NOTHING, token: '', heads: [], uploadRate: 0 })
      const answer = await sayOn(connection, PROTOCOLS.hello.id, frame(greeting).subarray())
      const { refused, credential, roster } = hello.Welcome.decode(answer.subarray(1 + Number(answer[0] as number >= 0x80)))
      expect(refused, name).to.not.equal('')
      expect([...credential, ...roster], name).to.have.lengthOf(0)
      await closeOf(connection)
    }))
  })

  it('may not say much before he is known', async () => {
    await Promise.all(targets().map(async ([name, address]) => {
      const connection = await stranger.dial(address)
      const answer = await sayOn(connection, PROTOCOLS.hello.id, frame(new Uint8Array(STRANGER_MAX_BYTES + 1)).subarray())
      expect(answer.length, name).to.be.lessThan(1024)
      await closeOf(connection)
    }))
  })

  it('many at once do not keep members out', async () => {
    const strangers = await Promise.all(Array.from({ length: 4 }, async () => await Outsider.start()))
    try {
      await Promise.all(strangers.map(async other => await other.dial(fleet.address).catch(() => {})))
      const provider = await fleet.startProvider(fleet.providers[0] as Place)
      const job = await provider.openJob({ to: 'all' })
      const film = await writeMedia(join(fleet.dir, 'a.bin'), 100_000, 1)
      await job.put(film, '/a.bin')
      await job.end()
      expect((await job.closed()).outcome).to.equal('complete')
      expect(await readTree(join(fleet.nodes[0]?.mediaRoot as string, 'a.bin'))).to.deep.equal(await readTree(film))
    } finally {
      for (const other of strangers) await other.stop()
    }
  })
})
