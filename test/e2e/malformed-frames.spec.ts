import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { frame, loadIdentity, type RunningPeer } from '@sluice/node'
import { chunk, ctp, hello, notify, offer, PROTOCOLS, type ProtocolName, session } from '@sluice/wire'
import { expect } from 'chai'
import { eventually } from './eventually.ts'
import { LocalFleet, type Place } from './local-fleet.ts'
import { readTree, writeMedia } from './media-tree.ts'
import { Outsider, sayAll, sayOn } from './outsider.ts'

const NOTHING = new Uint8Array()
const HASH = new Uint8Array(32).fill(7)

/** What an honest peer never says, by what is wrong with it. */
function malformed (word: ProtocolName): Array<[name: string, bytes: Uint8Array]> {
  return [
    ['a length beyond the limit', Uint8Array.of(0xff, 0xff, 0xff, 0x7f)],
    ['a length that never ends', new Uint8Array(64).fill(0xff)],
    ['a frame of noise', frame(randomBytes(400)).subarray()],
    ['noise', randomBytes(4096)],
    ['an empty frame', Uint8Array.of(0)],
    ['a frame that breaks off', frame(new Uint8Array(1000)).subarray(0, 500)],
    ...SENSELESS[word] ?? []
  ]
}

/** Well-formed, and without sense. */
const SENSELESS: Partial<Record<ProtocolName, Array<[string, Uint8Array]>>> = {
  offer: [
    ['a handle that was not bound', frame(offer.OfferMessage.encode({ have: { handle: 9, seq: 1, chunks: [1] } })).subarray()],
    ['a hand-over of a job that is no job', Buffer.concat([
      frame(offer.OfferMessage.encode({ bind: { handle: 1, job: HASH } })).subarray(),
      frame(offer.OfferMessage.encode({ handover: { handle: 1, job: randomBytes(100), commands: [], ranges: [{ first: 0, end: 9 }], errand: 1 } })).subarray()
    ])]
  ],
  chunk: [
    ['a piece of a handle that was not bound', Buffer.concat([frame(chunk.ChunkMessage.encode({ piece: { handle: 3, seq: 1, piece: 0, length: 4 } })).subarray(), Buffer.from('abcd')])],
    ['a piece longer than a piece', frame(chunk.ChunkMessage.encode({ piece: { handle: 3, seq: 1, piece: 0, length: 70_000 } })).subarray()],
    ['a page of an unknown job', Buffer.concat([
      frame(chunk.ChunkMessage.encode({ bind: { handle: 1, job: HASH } })).subarray(),
      frame(chunk.ChunkMessage.encode({ page: { handle: 1, seq: 1, page: randomBytes(200), seal: NOTHING } })).subarray()
    ])]
  ],
  notify: [['a receipt that is none', frame(notify.NotifyMessage.encode({ id: 1, receipt: randomBytes(200) })).subarray()]],
  ctp: [
    ['media before its command', Buffer.concat([frame(ctp.CtpRequest.encode({ piece: { piece: 0, length: 3 } })).subarray(), Buffer.from('abc')])],
    ['a command of no job', frame(ctp.CtpRequest.encode({ command: { job: 'j', command: randomBytes(100) } })).subarray()]
  ],
  session: [
    ['a request for nothing', frame(session.SessionRequest.encode({})).subarray(0)],
    ['a job request that is none', frame(session.SessionRequest.encode({ open: randomBytes(300) })).subarray()],
    ['a job that does not exist', frame(session.SessionRequest.encode({ attach: '../../etc/passwd' })).subarray()]
  ]
}

describe('malformed frames from a member', () => {
  let fleet: LocalFleet
  let base: RunningPeer
  let node: RunningPeer

  before(async () => {
    fleet = await LocalFleet.prepare({ nodes: 2, providers: 2 })
    base = await fleet.startBase()
    node = await fleet.startNode(fleet.nodes[0] as Place)
  })
  after(async () => { await fleet.stop() })

  /** A member that has shown who it is, and has no manners. */
  const rude = async (place: Place): Promise<Outsider> => await Outsider.start(await loadIdentity(place.dataDir))
  let credential: Uint8Array = NOTHING
  const introduce = async (outsider: Outsider, address: string): ReturnType<Outsider['dial']> => {
    const connection = await outsider.dial(address)
    const answer = await sayOn(connection, PROTOCOLS.hello.id, frame(hello.Hello.encode({ version: '1', credential, token: '', heads: [], uploadRate: 0 })).subarray())
    const welcome = hello.Welcome.decode(answer.subarray(1 + Number((answer[0] as number) >= 0x80)))
    expect(welcome.refused).to.equal('')
    if (address === base.addresses[0]) credential = welcome.credential
    return connection
  }

  for (const word of Object.keys(PROTOCOLS) as ProtocolName[]) {
    it(`${word}: base and node survive them`, async () => {
      const place = (PROTOCOLS[word].dialers as readonly string[]).includes('provider') && word !== 'hello' ? fleet.providers[1] : fleet.nodes[1]
      const outsider = await rude(place as Place)
      try {
        for (const address of [base.addresses[0], node.addresses[0]] as string[]) {
          for (const [name, bytes] of malformed(word)) {
            const connection = await introduce(outsider, address)
            const stream = await connection.newStream(PROTOCOLS[word].id).catch(() => undefined)
            // A node serves no sessions and takes no uploads: that is an answer too.
            if (stream == null) continue
            // The frame that breaks off is one that nobody can call malformed before we end it.
            const answer = sayAll(stream, bytes)
            await stream.close().catch(() => {})
            await Promise.race([answer, eventually(`${word} at ${address}: ${name} ends the stream`, () => stream.remoteWriteStatus !== 'writable')])
            await outsider.host.hangUp(connection.remotePeer)
          }
        }
      } finally {
        await outsider.stop()
      }
    })
  }

  it('and still do a job afterwards', async () => {
    const provider = await fleet.startProvider(fleet.providers[0] as Place)
    const place = fleet.nodes[0] as Place
    const job = await provider.openJob({ to: place.peer })
    const film = await writeMedia(join(fleet.dir, 'a.bin'), 700_000, 1)
    await job.put(film, '/a.bin')
    await job.end()
    expect((await job.closed()).outcome).to.equal('complete')
    expect(await readTree(join(place.mediaRoot, 'a.bin'))).to.deep.equal(await readTree(film))
  })
})
