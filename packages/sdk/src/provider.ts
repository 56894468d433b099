import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { AskRefused, BaseLink, Capabilities, createHost, type CredentialFile, Ctp, Hello, HelloRefused, loadIdentity, type Logger, Membership, Notify, type ProtocolBytes, RemoteMedia, type RunningPeer, Session, silent, Traffic, VERSION } from '@sluice/node'
import { open, session, sign } from '@sluice/wire'
import { buildBundle } from './bundle.ts'
import { RefusedError, UnreachableError } from './errors.ts'
import { Job } from './job.ts'
import type { JobComponents } from './job-components.ts'
import { type JobQueue, type QueueAnswer, readQueue } from './job-queue.ts'
import { MediaFiles } from './media-files.ts'
import { sync, type SyncOptions, type SyncReport } from './sync.ts'

export interface ProviderInit {
  /** Folder for key and credential; made if missing. */
  readonly dataDir: string
  /** Multiaddrs to listen on, for the base to call with a final notice; none: dial only. */
  readonly listen?: readonly string[] | undefined
  /** The base: a multiaddr that ends in /p2p/PEER. */
  readonly base: string
  /** Token of an invitation, for a provider that is not enrolled yet. */
  readonly join?: string | undefined
  /** Where the base posts final notices of this provider's jobs if it cannot tell it otherwise: an http or https URL. */
  readonly webhook?: string | undefined
  readonly log?: Logger | undefined
}

export interface JobRequestOptions {
  /** 'all', 'label=value' or peer ids: the union of them. */
  readonly to: string | readonly string[]
  /** For people. */
  readonly name?: string | undefined
  /** Higher goes first. */
  readonly priority?: number | undefined
  readonly waitPeriodMs?: number | undefined
  readonly waitPeriods?: number | undefined
  /** Servers that must complete for "complete"; all if not given. */
  readonly quorum?: number | undefined
  /** Milliseconds since 1970; the job is closed then, whatever is missing. */
  readonly deadline?: number | undefined
  /** Receipts that servers give by themselves, beside those they always give. */
  readonly notices?: ReadonlyArray<'command-received' | 'command-started'> | undefined
  /** As ProviderInit.webhook, for this job. */
  readonly webhook?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface JobSummary {
  readonly id: string
  readonly name: string
  readonly state: 'open' | 'ending' | 'complete' | 'partial' | 'failed'
  readonly servers: number
  readonly completed: number
  readonly bytes: number
  readonly commands: number
  readonly created: number
  readonly closed?: number
}

/** A command as one server has it. */
export interface CommandOnServer {
  readonly seq: number
  readonly state: 'new' | 'in-progress' | 'completed' | 'failed' | 'superseded'
  readonly bytes: number
  readonly reason?: string
  /** Attributes that the server could not set, one line for each. */
  readonly notApplied?: readonly string[]
}

export interface JobDetail extends JobSummary {
  readonly lines: ReadonlyArray<{
    readonly peer: string
    readonly state: 'waiting' | 'working' | 'complete' | 'failed' | 'unreachable' | 'unknown'
    readonly reason?: string
    /** Of a server that is not connected: how long it will probably take until it is back, in milliseconds. */
    readonly expectedWaitMs?: number
    readonly receipts: number
    readonly bytes: number
    readonly sources: Readonly<Record<string, number>>
    readonly switches: number
    /** As its receipts have them; of the others what it says when it is asked, where the job is open and the server connected. */
    readonly commands: ReadonlyArray<CommandOnServer>
  }>
}

export interface NodeSummary {
  readonly peer: string
  readonly labels: Readonly<Record<string, string>>
  readonly connected: boolean
  readonly enrolledAt: number
  readonly lastSeen: number
  /** Bytes per second; 0: unknown. */
  readonly uploadRate: number
  readonly revoked: boolean
}

/** A content provider, connected to its base. */
export interface Provider extends RunningPeer {
  /** @throws {RefusedError} with the base's reason */
  openJob (options: JobRequestOptions): Promise<Job>
  /** Take up a job that was opened before. */
  attach (jobId: string): Promise<Job>
  /** What the base has of a job's commands: with it a provider goes on where another process of it was cut off. */
  queue (jobId: string): Promise<JobQueue>
  /** End a job that was opened before, and call off what of it has not begun to appear. @throws {RefusedError} */
  cancel (jobId: string, reason: string): Promise<void>
  jobs (): Promise<JobSummary[]>
  job (id: string): Promise<JobDetail>
  nodes (): Promise<NodeSummary[]>
  /** The job's evidence, for `verifyBundle`. */
  receipts (id: string): Promise<string>
  /** The media of one node, by its peer id: browse, read, change, create. */
  media (node: string): MediaFiles
  /** Make servers hold what a directory here holds: only what differs is sent. */
  sync (local: string, destination: string, options?: SyncOptions): Promise<SyncReport>
  /** Bytes said and heard so far, by protocol id. */
  traffic (): ReadonlyMap<string, ProtocolBytes>
}

/**
 * Connect to a base as one of its providers.
 *
 * @throws {UnreachableError} if it does not answer
 * @throws {RefusedError} if it does not know us
 */
export async function createProvider (init: ProviderInit, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Provider> {
  const log = init.log ?? silent
  await mkdir(init.dataDir, { recursive: true })
  const key = await loadIdentity(init.dataDir)
  const base = multiaddr(init.base).getComponents().findLast(({ name }) => name === 'p2p')?.value ?? ''
  const membership = new Membership(base)
  const host = await createHost({ key, listen: init.listen ?? [], refuse: peer => membership.isRevoked(peer.toString()) })
  const traffic = new Traffic(host)
  const link = new BaseLink(host, { base: init.base, credential: credentialFile(init.dataDir), membership, log, join: init.join })
  const hello = new Hello({ host, log }, {
    membership,
    greeting: peer => link.greeting(peer, 0),
    welcome: async (peer, greeting) => {
      if (membership.roleOf(peer) == null) await membership.show(peer, greeting.credential)
      return { version: VERSION, credential: link.credential, roster: membership.roster, heads: [], refused: '' }
    },
    onAdmitted: () => {},
    onWelcome: (peer, welcome) => link.welcomed(peer, welcome)
  })
  const components = { host, log, admitted: (connection: Parameters<Hello['admitted']>[0]) => hello.admitted(connection) }
  const jobs = new Map<string, Job>()
  const notify = new Notify(components, {
    onReceipt: async () => { throw new Error('receipts go to the base') },
    onClosed: async (from, closed) => {
      if (from !== base) throw new Error('only the base closes a job')
      const { value } = await open('job', closed.job, base)
      await jobs.get(value.id)?.close(closed)
      log.info('job closed', { job: value.id })
    }
  })
  const sessions = new Session(components, { onSession: async () => { throw new Error('a provider serves no sessions') } })
  const ctp = new Ctp(components, {})
  const capabilities = new Capabilities(async (intent, abort) => await ctp.ask(base, { ...intent, path: [...intent.path] }, abort).catch((cause: Error) => {
    throw cause instanceof AskRefused ? new RefusedError(cause.message, { cause }) : cause
  }))
  const stopping = new AbortController()
  const lasting = AbortSignal.any([stopping.signal, ...signal == null ? [] : [signal]])
  const jobComponents: JobComponents = { key, base, ctp, session: sessions, log, signal: lasting }

  const stop = async (): Promise<void> => {
    stopping.abort(new Error('the provider was stopped'))
    link.stop()
    await host.stop()
  }
  try {
    for (const protocol of [hello, notify]) await protocol.start()
    await host.start()
    await link.start(hello, false)
  } catch (cause) {
    await stop()
    if (cause instanceof HelloRefused) throw new RefusedError(cause.reason, { cause })
    throw new UnreachableError(`the base at ${init.base} cannot be reached: ${(cause as Error).message}`, { cause })
  }

  const begin = async (request: session.SessionRequest): Promise<Job> => {
    const line = await sessions.open(base, signal)
    await line.request(request)
    const { opened, denied, closed } = await line.nextEvent(signal)
    if (denied != null) throw new RefusedError(denied)
    const bytes = opened?.job ?? closed?.job
    if (bytes == null) throw new Error('the base gave no answer to the request')
    const signed = await open('job', bytes, base)
    const job = new Job(jobComponents, signed, opened?.head ?? 0, opened?.headHash ?? signed.hash)
    jobs.set(job.id, job)
    if (closed != null) await job.close(closed)
    void job.follow(line).finally(() => jobs.delete(job.id))
    return job
  }
  const ask = async (request: session.SessionRequest): Promise<string> => {
    const line = await sessions.open(base, signal)
    try {
      await line.request(request)
      const parts: Uint8Array[] = []
      for (;;) {
        const { answer, denied } = await line.nextEvent(signal).catch((cause: Error) => {
          if (signal?.aborted === true) throw cause
          throw new UnreachableError(`the base broke off before it had answered (${cause.message}): ask again`, { cause })
        })
        if (denied != null || (answer != null && answer.refused !== '')) throw new RefusedError(denied ?? answer?.refused)
        if (answer == null) throw new Error('the base gave no answer to the question')
        parts.push(answer.json)
        if (answer.last) return Buffer.concat(parts).toString('utf8')
      }
    } finally {
      await line.close()
    }
  }

  const query = async (kind: session.QueryKind, job = ''): Promise<string> => await ask({ query: { kind, job } })

  const openJob = async (options: JobRequestOptions): Promise<Job> => {
    const request = await sign('jobRequest', {
      nonce: randomBytes(16),
      base,
      created: Date.now(),
      targets: typeof options.to === 'string' ? [options.to] : [...options.to],
      options: {
        name: options.name ?? '',
        priority: options.priority ?? 0,
        rateCap: 0,
        deadline: options.deadline ?? 0,
        waitPeriodMs: options.waitPeriodMs ?? 0,
        waitPeriods: options.waitPeriods ?? 0,
        quorum: options.quorum ?? 0,
        notices: [...options.notices ?? []],
        ...(options.webhook ?? init.webhook) == null ? {} : { webhook: options.webhook ?? init.webhook }
      }
    }, key)
    return await begin({ open: request.bytes })
  }
  const nodes = async (): Promise<NodeSummary[]> => JSON.parse(await query(session.QueryKind.NODES)) as NodeSummary[]
  const remote = (node: string): RemoteMedia => new RemoteMedia(ctp, node, capabilities)

  return {
    peer: host.peerId.toString(),
    addresses: host.getMultiaddrs().map(String),
    stop,
    openJob,
    attach: async id => await begin({ attach: id }),
    queue: async id => await readQueue(JSON.parse(await query(session.QueryKind.RECEIPTS, id)) as QueueAnswer),
    cancel: async (job, reason) => { await ask({ cancel: { job, reason } }) },
    jobs: async () => JSON.parse(await query(session.QueryKind.JOBS)) as JobSummary[],
    job: async id => JSON.parse(await query(session.QueryKind.JOB, id)) as JobDetail,
    nodes,
    receipts: async id => await bundleOf(await query(session.QueryKind.RECEIPTS, id)),
    media: node => new MediaFiles(remote(node)),
    traffic: () => traffic.bytes,
    sync: (local, destination, options) => sync({ nodes, media: remote, openJob }, local, destination, options)
  }
}

async function bundleOf (json: string): Promise<string> {
  const parts = JSON.parse(json) as { job: string, commands: Array<{ command: string, acceptance: string }>, seals: string[], finalPages: string[], receipts: string[], report: string | null }
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64')
  return await buildBundle({
    job: bytes(parts.job),
    commands: parts.commands.map(({ command, acceptance }) => ({ command: bytes(command), acceptance: bytes(acceptance) })),
    seals: parts.seals.map(bytes),
    finalPages: parts.finalPages.map(bytes),
    receipts: parts.receipts.map(bytes),
    report: parts.report == null ? null : bytes(parts.report)
  })
}

/** A provider has no journal: commands and a daemon may run side by side with one identity. */
function credentialFile (dataDir: string): CredentialFile {
  const path = join(dataDir, 'credential')
  return {
    load: () => existsSync(path) ? readFileSync(path) : new Uint8Array(),
    save: credential => {
      mkdirSync(dataDir, { recursive: true })
      writeFileSync(path, credential, { mode: 0o600 })
    }
  }
}
