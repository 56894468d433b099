import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { type Command, createJobId, type Final, type Job, type JobRequest, type Page, PAGE_PIECES, PIECE_BYTES, type Put, sha256, sign, type Signed, Visibility } from '@sluice/wire'

export interface Identity {
  readonly key: PrivateKey
  readonly peer: string
}

/** The same identity for the same name, always. */
export async function identity (name: string): Promise<Identity> {
  const key = await generateKeyPairFromSeed('Ed25519', sha256(Buffer.from(name)))
  return { key, peer: peerIdFromPublicKey(key.publicKey).toString() }
}

export const NO_BYTES = new Uint8Array()

export interface SignedPage {
  readonly page: Signed<'page'>
  readonly seal: Signed<'seal'> | undefined
}

/** A job as base and provider would sign it, to be bent by specs. */
export class SignedJob {
  readonly base: Identity
  readonly provider: Identity
  readonly node: Identity
  readonly job: Signed<'job'>
  /** The last command, which the next one names. */
  head: Uint8Array
  seq = 0

  private constructor (base: Identity, provider: Identity, node: Identity, job: Signed<'job'>) {
    this.base = base
    this.provider = provider
    this.node = node
    this.job = job
    this.head = job.hash
  }

  static async open ({ job: bent = {}, request: bentRequest = {}, name = '' }: { job?: Partial<Job>, request?: Partial<JobRequest>, name?: string } = {}): Promise<SignedJob> {
    const [base, provider, node] = await Promise.all(['base', 'provider', 'node'].map(identity)) as [Identity, Identity, Identity]
    const now = Date.now()
    const request = await sign('jobRequest', { nonce: sha256(Buffer.from(`${name}${now}`)).subarray(0, 16), base: base.peer, created: now, targets: ['all'], ...bentRequest }, provider.key)
    const job = await sign('job', {
      id: createJobId(now),
      epoch: 0,
      created: now,
      expires: now + 3_600_000,
      base: base.peer,
      baseAddresses: [],
      request: request.bytes,
      servers: [{ peer: node.peer, uploadRate: 1 }],
      ...bent
    }, base.key)
    return new SignedJob(base, provider, node, job)
  }

  get key (): string {
    return Buffer.from(this.job.hash).toString('hex')
  }

  /** The next command of the queue; `bent` replaces what it would say, `signer` who signs it. */
  async command (body: Partial<Command>, { bent = {}, signer = this.provider }: { bent?: Partial<Command>, signer?: Identity } = {}): Promise<Signed<'command'>> {
    const command = await sign('command', { job: this.job.hash, seq: this.seq + 1, previous: this.head, track: 0, issued: Date.now(), continueAfterFailure: false, ...body, ...bent }, signer.key)
    this.seq++
    this.head = command.hash
    return command
  }

  async acceptance (command: Signed<'command'>, { bent = {}, signer = this.base }: { bent?: object, signer?: Identity } = {}): Promise<Uint8Array> {
    return (await sign('acceptance', { job: this.job.hash, seq: command.value.seq, command: command.hash, epoch: 0, accepted: Date.now(), ...bent }, signer.key)).bytes
  }

  async put (pieces: number, bent: Partial<Put> = {}): Promise<Signed<'command'>> {
    return await this.command({ put: { destination: ['film.mp4'], pieces, manifestBytes: 10, chunkPieces: 1, bytes: pieces * PIECE_BYTES - 10, entries: 1, visibility: Visibility.COMMIT, lossy: false, deadlineMs: 0, single: true, ...bent } })
  }

  async page (command: Signed<'command'>, page: Partial<Page>, signer = this.provider): Promise<Signed<'page'>> {
    return await sign('page', { job: this.job.hash, seq: command.value.seq, number: 0, firstPiece: 0, hashes: NO_BYTES, lengths: [], previous: command.hash, ...page }, signer.key)
  }

  async seal (page: Signed<'page'>, { bent = {}, signer = this.base }: { bent?: object, signer?: Identity } = {}): Promise<Signed<'seal'>> {
    return await sign('seal', { job: this.job.hash, seq: page.value.seq, page: page.hash, root: page.value.final?.root ?? NO_BYTES, epoch: 0, ...bent }, signer.key)
  }

  /** All pages of a put, the last one final and sealed, cut after every `perPage` pieces. */
  async pages (command: Signed<'command'>, pieces: readonly Uint8Array[], { perPage = PAGE_PIECES, final = {} }: { perPage?: number, final?: Partial<Final> } = {}): Promise<SignedPage[]> {
    const signed: SignedPage[] = []
    const all = pieces.map(bytes => sha256(bytes))
    let previous = command.hash
    for (let first = 0, number = 0; first < pieces.length || number === 0; first += perPage, number++) {
      const batch = pieces.slice(first, first + perPage)
      const last = first + perPage >= pieces.length
      const closing: Final = { pieces: pieces.length, bytes: pieces.reduce((sum, { length }) => sum + length, 0), root: sha256(...all), digests: NO_BYTES, gaps: [], ...final }
      const page = await this.page(command, {
        number,
        firstPiece: first,
        hashes: Buffer.concat(all.slice(first, first + perPage)),
        lengths: batch.every(({ length }) => length === PIECE_BYTES) ? [] : batch.map(({ length }) => length),
        previous,
        ...last ? { final: closing } : {}
      })
      signed.push({ page, seal: last ? await this.seal(page) : undefined })
      previous = page.hash
    }
    return signed
  }
}

/** Pieces that are all different: of the given lengths. */
export function piecesOf (...lengths: number[]): Uint8Array[] {
  return lengths.map((length, index) => new Uint8Array(length).fill(index + 1))
}
