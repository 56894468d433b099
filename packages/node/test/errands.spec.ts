import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MediaTree } from '@sluice/store'
import { type Capability, ctp as pb, type Entry, PROTOCOLS, sha256, sign, VERBS } from '@sluice/wire'
import { expect } from 'chai'
import { Capabilities } from '../src/capabilities.ts'
import { Errands, MAX_DEPOSIT_BYTES } from '../src/errands.ts'
import { frame } from '../src/framing.ts'
import { silent } from '../src/log.ts'
import { Ctp } from '../src/protocols/ctp.ts'
import { type ErrandError, RemoteMedia } from '../src/remote-media.ts'
import { identity } from './signed-job.ts'
import { ending, StubHost } from './protocols/stub-host.ts'

type Bent = Partial<Capability>

describe('errands', () => {
  let folder: string
  let guest: StubHost
  let node: StubHost
  let protocol: Ctp
  let base: Awaited<ReturnType<typeof identity>>
  let media: RemoteMedia
  /** How often the base was asked for a capability. */
  let asked: number

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-errands-'))
    mkdirSync(join(folder, '.sluice'))
    mkdirSync(join(folder, 'vod'))
    base = await identity('base')
    guest = new StubHost((await identity('provider')).peer)
    node = new StubHost((await identity('a')).peer)
    guest.meet(node)
    const errands = new Errands({ self: node.peer, base: base.peer, tree: await MediaTree.open(folder), log: silent })
    await new Ctp(node.components('provider'), { onErrand: line => errands.serve(line) }).start()
    protocol = new Ctp(guest.components(), {})
    media = allowed()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** The media, by a capability for everything but what is bent of it. */
  function allowed (bent: Bent = {}, signer = base): RemoteMedia {
    asked = 0
    return new RemoteMedia(protocol, node.peer, new Capabilities(async () => {
      asked++
      const now = Date.now()
      return (await sign('capability', { base: base.peer, peer: guest.peer, node: node.peer, path: [], verbs: [...VERBS], epoch: 0, issued: now, expires: now + 60_000, ...bent }, signer.key)).bytes
    }))
  }
  const write = (path: string, content: string | Buffer): void => writeFileSync(join(folder, path), content)
  const codeOf = async (work: Promise<unknown>): Promise<string> => await work.then(() => 'done', (error: ErrandError) => error.code)
  const bytesOf = async (path: string[], range: { offset?: number, length?: number } = {}): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of (await media.get(path, range)).bytes) parts.push(part)
    return Buffer.concat(parts)
  }
  const drain = async (bytes: AsyncIterable<Uint8Array>): Promise<number> => {
    let count = 0
    for await (const part of bytes) count += part.length
    return count
  }
  const source = async function * (...parts: Uint8Array[]): AsyncGenerator<Uint8Array> { yield * parts }

  it('lists page by page, in one order, and ends where the reader does', async () => {
    for (let i = 0; i < 2_500; i++) write(`vod/${String(i).padStart(4, '0')}.ts`, '')
    const names: string[] = []
    for await (const { path } of media.list(['vod'])) names.push(path.join('/'))
    expect(names).to.have.lengthOf(2_500)
    expect(names).to.deep.equal([...names].sort())
    let first: Entry | undefined
    for await (const entry of media.list(['vod'], { after: ['1999.ts'] })) { first = entry; break }
    expect(first?.path).to.deep.equal(['2000.ts'])
    for (const stream of guest.opened) expect(await ending(stream)).to.be.oneOf(['closed', 'aborted', 'reset'])
  })

  it('reads ranges, beyond any credit, and says the digest of the whole', async () => {
    const content = Buffer.alloc(5_000_000, 'sluice')
    write('vod/film.mp4', content)
    expect(await bytesOf(['vod', 'film.mp4'])).to.deep.equal(content)
    expect(await bytesOf(['vod', 'film.mp4'], { offset: 70_001, length: 9 })).to.deep.equal(content.subarray(70_001, 70_010))
    expect(await bytesOf(['vod', 'film.mp4'], { offset: 4_999_999, length: 100 })).to.deep.equal(content.subarray(4_999_999))
    const { bytes } = await media.get(['vod', 'film.mp4'], { offset: 4_999_000, digest: true })
    let next = await bytes.next()
    while (next.done !== true) next = await bytes.next()
    expect(Buffer.from(next.value).equals(sha256(content))).to.equal(true)
    expect(await codeOf(media.get(['vod', 'film.mp4'], { offset: 5_000_001 }))).to.equal('bad-request')
  })

  it('puts what was announced, and nothing else', async () => {
    const content = Buffer.alloc(3_000_000, 'x')
    const { entry } = await media.put(['vod', 'new.bin'], source(content.subarray(0, 100), content.subarray(100)), { size: content.length, digest: sha256(content) })
    expect(Buffer.from(entry.digest).equals(sha256(content))).to.equal(true)
    expect(readFileSync(join(folder, 'vod/new.bin')).equals(content)).to.equal(true)
    expect(await codeOf(media.put(['vod', 'b.bin'], source(content), { size: 10 }))).to.equal('changed')
    expect(await codeOf(media.put(['vod', 'b.bin'], source(content.subarray(0, 5)), { size: 10 }))).to.equal('changed')
    expect(await codeOf(media.put(['vod', 'b.bin'], source(), { size: MAX_DEPOSIT_BYTES + 1 }))).to.equal('too-large')
    expect((await media.put(['vod', 'empty'], source(), { size: 0 })).entry.size).to.equal(0)
    expect(await codeOf(media.stat(['vod', 'b.bin']))).to.equal('not-found')
  })

  const DENIED: Array<[name: string, bent: () => Promise<Bent>, message: RegExp]> = [
    ['another peer\'s', async () => ({ peer: (await identity('b')).peer }), /is .*'s: ask the base/],
    ['for another server', async () => ({ node: (await identity('b')).peer }), /not for this server/],
    ['of another fleet', async () => ({ base: (await identity('b')).peer }), /is of the fleet/],
    ['for other verbs', async () => ({ verbs: ['get'] }), /does not allow to stat, only to get/],
    ['for another path', async () => ({ path: ['music'] }), /ends at \/music/],
    ['for a path that only begins alike', async () => ({ path: ['vo'] }), /ends at \/vo/],
    ['that expired', async () => ({ expires: Date.now() - 10 * 60_000 }), /expired/]
  ]
  for (const [name, bent, message] of DENIED) {
    it(`takes no capability ${name}`, async () => {
      const refused = await allowed(await bent()).stat(['vod']).then(() => undefined, (error: ErrandError) => error)
      expect([refused?.code, refused?.message]).to.satisfy(([code, text]: [string, string]) => code === 'denied' && message.test(text))
    })
  }

  it('takes none that the base has not signed', async () => {
    expect(await codeOf(allowed({}, await identity('provider')).stat(['vod']))).to.equal('denied')
  })

  it('asks once for what one capability covers', async () => {
    for (let i = 0; i < 5; i++) await media.stat(['vod'])
    expect(asked).to.equal(1)
  })

  it('does eight at a time for one guest, and says so to the next', async () => {
    write('vod/film.mp4', Buffer.alloc(100_000))
    const open = await Promise.all(Array.from({ length: 8 }, async () => await media.get(['vod', 'film.mp4'])))
    expect(await codeOf(media.stat(['vod']))).to.equal('busy')
    for (const { bytes } of open) await drain(bytes)
    expect((await media.stat(['vod'])).path).to.deep.equal(['vod'])
  })

  it('stops when the guest does', async () => {
    write('vod/film.mp4', Buffer.alloc(10_000_000))
    const stop = new AbortController()
    const { bytes } = await media.get(['vod', 'film.mp4'], { signal: stop.signal })
    await bytes.next()
    stop.abort(new Error('enough'))
    const failed = await drain(bytes).then(() => undefined, (error: Error) => error)
    expect(failed?.message).to.equal('enough')
    expect((await media.stat(['vod'])).path).to.deep.equal(['vod'])
  })

  it('answers what is no errand', async () => {
    for (const request of [{}, { page: Uint8Array.of(1) }, { more: 5 }, { errand: { capability: new Uint8Array(), verb: 'rm', path: [], recursive: false, digest: false, after: [], offset: 0, entry: new Uint8Array(), parents: false } }]) {
      const stream = await guest.dialProtocol(node.peerId, PROTOCOLS.ctp.id)
      const parts: Uint8Array[] = []
      stream.addEventListener('message', event => { parts.push(event.data.subarray()) })
      stream.send(frame(pb.CtpRequest.encode(request)))
      await stream.close()
      await ending(stream)
      const said = Buffer.concat(parts)
      expect(pb.CtpReply.decode(said.subarray(said[0] as number >= 0x80 ? 2 : 1)).failed?.code, JSON.stringify(request)).to.equal('bad-request')
    }
  })
})
