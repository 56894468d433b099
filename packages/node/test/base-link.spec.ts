import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect } from 'chai'
import { createHost, type Host } from '../src/host.ts'
import { type Logger, silent } from '../src/log.ts'
import { startMediaServer } from '../src/media-server.ts'

describe('BaseLink', () => {
  let folder: string
  let base: Host

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-link-'))
    mkdirSync(join(folder, 'media'))
    base = await createHost({ key: await generateKeyPair('Ed25519'), listen: ['/ip4/127.0.0.1/tcp/0'], refuse: () => false })
    await base.start()
  })
  afterEach(async () => {
    await base.stop()
    rmSync(folder, { recursive: true })
  })

  it('lets a node start whose base goes away between handshake and hello', async () => {
    // As the process of a base that is killed just then: a seed of the chaos suite met it.
    base.addEventListener('connection:open', ({ detail }) => detail.abort(new Error('killed')))
    const warnings: string[] = []
    const log: Logger = { ...silent, warn: message => { warnings.push(message) } }
    const node = await startMediaServer({ dataDir: join(folder, 'data'), listen: ['/ip4/127.0.0.1/tcp/0'], base: String(base.getMultiaddrs()[0]), mediaRoot: join(folder, 'media'), log })
    await node.stop()
    expect(warnings).to.include('base not reached, trying again')
  })
})
