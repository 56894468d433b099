import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { createJobId, Outcome, ReceiptKind, ServerState, sha256, sign, Visibility } from '@sluice/wire'
import type { Command, JobOptions, Receipt, Report, ServerLine, Signed } from '@sluice/wire'
import type { BundleParts } from '../src/bundle.ts'

/** 2026-01-01, so that every run signs the same bytes. */
const START_MS = 1_767_225_600_000

export interface Identity {
  readonly key: PrivateKey
  readonly peer: string
}

/** The same identity for the same name, always. */
export async function identity (name: string): Promise<Identity> {
  const key = await generateKeyPairFromSeed('Ed25519', sha256(Buffer.from(name)))
  return { key, peer: peerIdFromPublicKey(key.publicKey).toString() }
}

export const NO_BYTES = new Uint8Array(0)

/** A job as base, provider and nodes would sign it, to be bent by specs. */
export class SyntheticJob {
  readonly base: Identity
  readonly provider: Identity
  readonly nodes: readonly Identity[]
  readonly job: Signed<'job'>
  readonly commands: Array<{ command: Signed<'command'>, acceptance: Signed<'acceptance'> }> = []
  readonly seals: Array<Signed<'seal'>> = []
  readonly finalPages: Array<Signed<'page'>> = []
  /** Chain of each node, by rank. */
  readonly chains: Array<Array<Signed<'receipt'>>>
  report: Signed<'report'> | undefined

  private constructor (base: Identity, provider: Identity, nodes: readonly Identity[], job: Signed<'job'>) {
    this.base = base
    this.provider = provider
    this.nodes = nodes
    this.job = job
    this.chains = nodes.map(() => [])
  }

  static async open ({ nodes: count = 3, options = {}, name = 'job' }: { nodes?: number, options?: Partial<JobOptions>, name?: string } = {}): Promise<SyntheticJob> {
    const base = await identity('base')
    const provider = await identity('provider')
    const nodes = await Promise.all(Array.from({ length: count }, (_, rank) => identity(`node ${rank}`)))
    const none = { name, priority: 0, rateCap: 0, deadline: 0, waitPeriodMs: 0, waitPeriods: 0, quorum: 0, notices: [] }
    const request = await sign('jobRequest', { nonce: sha256(Buffer.from(name)).slice(0, 16), base: base.peer, created: START_MS, targets: ['all'], options: { ...none, ...options } }, provider.key)
    const job = await sign('job', {
      // The random part would make every run's bundle another one.
      id: `${createJobId(START_MS).slice(0, 10)}0000000`,
      epoch: 1,
      created: START_MS,
      expires: START_MS + 86_400_000,
      base: base.peer,
      baseAddresses: ['/ip4/10.0.0.1/tcp/4001'],
      request: request.bytes,
      servers: nodes.map(({ peer }, rank) => ({ peer, uploadRate: 1_000_000 - rank }))
    }, base.key)
    return new SyntheticJob(base, provider, nodes, job)
  }

  async add (body: Partial<Command>, signer = this.provider): Promise<Signed<'command'>> {
    const seq = this.commands.length + 1
    const previous = this.commands.at(-1)?.command.hash ?? this.job.hash
    const command = await sign('command', { job: this.job.hash, seq, previous, track: 0, issued: START_MS + seq, continueAfterFailure: false, ...body }, signer.key)
    const acceptance = await sign('acceptance', { job: this.job.hash, seq, command: command.hash, epoch: 1, accepted: START_MS + seq }, this.base.key)
    this.commands.push({ command, acceptance })
    return command
  }

  /** A put of one small file, with its final page and seal. */
  async addPut (destination: string[], content: string): Promise<Signed<'command'>> {
    const bytes = Buffer.byteLength(content)
    const command = await this.add({ put: { destination, pieces: 1, manifestBytes: 8, chunkPieces: 1, bytes, entries: 1, visibility: Visibility.COMMIT, lossy: false, deadlineMs: 0, single: true } })
    const hashes = sha256(Buffer.from(content))
    const { seq } = command.value
    const final = { pieces: 1, bytes, root: sha256(hashes), digests: hashes, gaps: [] }
    const page = await sign('page', { job: this.job.hash, seq, number: 0, firstPiece: 0, hashes, lengths: [bytes], previous: command.hash, final }, this.provider.key)
    this.finalPages.push(page)
    this.seals.push(await sign('seal', { job: this.job.hash, seq, page: page.hash, root: final.root, epoch: 1 }, this.base.key))
    return command
  }

  /** The next receipt of a node; `bent` replaces what it would truthfully say, `signer` who signs it. */
  async receipt (rank: number, kind: ReceiptKind, seq: number, bent: Partial<Receipt> = {}, signer = this.nodes[rank] as Identity): Promise<Signed<'receipt'>> {
    const chain = this.chains[rank] as Array<Signed<'receipt'>>
    const command = this.commands[seq - 1]?.command
    const put = kind === ReceiptKind.COMMAND_COMPLETED ? command?.value.put : undefined
    const receipt = await sign('receipt', {
      node: (this.nodes[rank] as Identity).peer,
      job: this.job.hash,
      number: chain.length + 1,
      previous: chain.at(-1)?.hash ?? this.job.hash,
      kind,
      seq,
      command: command?.hash ?? NO_BYTES,
      bytes: put?.bytes ?? 0,
      digest: put == null ? NO_BYTES : (this.seals.find(({ value }) => value.seq === seq)?.value.root ?? NO_BYTES),
      sources: put == null ? [] : [{ peer: this.base.peer, bytes: put.bytes }],
      switches: 0,
      started: START_MS + 100,
      finished: START_MS + 200 + chain.length,
      reason: '',
      notApplied: [],
      gaps: [],
      ...bent
    }, signer.key)
    chain.push(receipt)
    return receipt
  }

  /** Everything a node says that completes the job. */
  async complete (rank: number): Promise<void> {
    await this.receipt(rank, ReceiptKind.JOB_RECEIVED, 0)
    for (const { command: { value } } of this.commands) {
      if (value.end == null) await this.receipt(rank, ReceiptKind.COMMAND_COMPLETED, value.seq)
    }
    await this.receipt(rank, ReceiptKind.JOB_COMPLETED, this.commands.length)
  }

  /** Close the job; every server is complete unless `lines` says otherwise. */
  async close (outcome = Outcome.COMPLETE, lines: Record<number, Partial<ServerLine>> = {}, bent: Partial<Report> = {}): Promise<Signed<'report'>> {
    this.report = await sign('report', {
      job: this.job.hash,
      epoch: 1,
      outcome,
      closed: START_MS + 1000,
      servers: this.nodes.map(({ peer }, rank) => ({ peer, state: ServerState.SERVER_COMPLETE, reason: '', ...lines[rank] })),
      head: this.commands.length,
      receipts: sha256(...this.chains.flat().map(({ hash }) => hash)),
      ...bent
    }, this.base.key)
    return this.report
  }

  parts (): BundleParts {
    return {
      job: this.job.bytes,
      commands: this.commands.map(({ command, acceptance }) => ({ command: command.bytes, acceptance: acceptance.bytes })),
      seals: this.seals.map(({ bytes }) => bytes),
      finalPages: this.finalPages.map(({ bytes }) => bytes),
      receipts: this.chains.flat().map(({ bytes }) => bytes),
      report: this.report?.bytes ?? null
    }
  }
}

/** Two puts and an end; every node has said everything, and the job is still open. */
export async function finishedJob (init: Parameters<typeof SyntheticJob.open>[0] = {}): Promise<SyntheticJob> {
  const job = await queuedJob(init)
  for (const rank of job.nodes.keys()) await job.complete(rank)
  return job
}

/** Two puts and an end, and no node has said anything yet. */
export async function queuedJob (init: Parameters<typeof SyntheticJob.open>[0] = {}): Promise<SyntheticJob> {
  const job = await SyntheticJob.open(init)
  await job.addPut(['vod', 'film.mp4'], 'the film')
  await job.addPut(['vod', 'film.srt'], 'the subtitles')
  await job.add({ end: {} })
  return job
}
