import type { Optimizations, RepairLevel } from '@sluice/core'
import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { type AttributePolicy, type Journal, MediaTree, openJournal, PullCache, Quota, TreeStore, withdraw } from '@sluice/store'
import { RESERVED_COMPONENT, toHex, type status } from '@sluice/wire'
import { Arrivals } from './arrivals.ts'
import { Attempts } from './attempts.ts'
import { BaseLink, type CredentialFile } from './base-link.ts'
import { Capabilities } from './capabilities.ts'
import { Driver } from './driver.ts'
import { Errands } from './errands.ts'
import { Executor } from './executor.ts'
import { hangFirst, plantedFault } from './fault.ts'
import { unfitness } from './fitness.ts'
import { createHost } from './host.ts'
import { loadIdentity } from './identity.ts'
import { JobBook } from './job-book.ts'
import { JobCare } from './job-care.ts'
import { endOnFailure } from './journal-failure.ts'
import { type Logger, silent } from './log.ts'
import { Membership } from './membership.ts'
import { Origins } from './origins.ts'
import { Outbox } from './outbox.ts'
import { Ctp } from './protocols/ctp.ts'
import { Hello } from './protocols/hello.ts'
import { Notify } from './protocols/notify.ts'
import { Recall } from './protocols/recall.ts'
import { Status } from './protocols/status.ts'
import { PublishedScrub, type Rot } from './published-scrub.ts'
import { PulledMedia } from './pulled-media.ts'
import { ReceiptWriter } from './receipt-writer.ts'
import { recollect } from './recollection.ts'
import { RepairActions } from './repair-actions.ts'
import { DEFAULT_REPAIR_LEVEL, Repairs } from './repairs.ts'
import { RemoteMedia } from './remote-media.ts'
import { NODE_CHECKPOINT } from './staged-media.ts'
import { statusReply } from './status-reply.ts'
import { Retention, type RetentionRule } from './retention.ts'
import { RETENTION_MS, SCRUB_RATE, Upkeep } from './upkeep.ts'
import { VERSION } from './version.ts'

export interface MediaServerInit {
  /** Folder for key and journal; made if missing. */
  readonly dataDir: string
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  readonly announce?: readonly string[] | undefined
  /** The base: a multiaddr that ends in /p2p/PEER. */
  readonly base: string
  /** Token of an invitation, for a node that is not enrolled yet. */
  readonly join?: string | undefined
  /** Folder that media is published in. Must exist. */
  readonly mediaRoot: string
  /** How much may be in that folder, staged and published, in bytes; no limit if not given. */
  readonly quotaBytes?: number | undefined
  /** What is removed of what jobs have published; nothing if not given. */
  readonly retention?: readonly RetentionRule[] | undefined
  /** Paths that nothing is removed at or below, whatever the rules say. */
  readonly pins?: ReadonlyArray<readonly string[]> | undefined
  /** Attributes that are set beside mode and time; none if not given. */
  readonly attributes?: AttributePolicy | undefined
  /** How fast held pieces are read and hashed again, in bytes per second; 0: not at all. */
  readonly scrubRate?: number | undefined
  /** How long what the journal has of a closed job is kept, in milliseconds. */
  readonly retentionMs?: number | undefined
  /** What this node's uplink gives at most, in bytes per second; told to the base too, which ranks by it. */
  readonly uploadRate?: number | undefined
  /** Those that are turned off, to measure what they are worth. */
  readonly optimizations?: Partial<Optimizations> | undefined
  /** Where viewers find this node: told to the base, which sends them there. */
  readonly http?: string | undefined
  /** How many viewers are served now: told to the base when it asks. */
  readonly viewers?: (() => Promise<number>) | undefined
  /** Bytes that may be kept of media that others have and viewers ask for here; not fetched if not given. */
  readonly onDemandQuota?: number | undefined
  /** The strongest repair that the base may order; restart-executor if not given. */
  readonly repair?: RepairLevel | undefined
  /** Ends this process so that its supervisor starts it again; without one the base cannot have it restarted. */
  readonly restartProcess?: (() => void) | undefined
  readonly log?: Logger | undefined
}

/** A started peer of any role. */
export interface RunningPeer {
  readonly peer: string
  readonly addresses: string[]
  /** Try whether what this peer keeps can be written. @throws where it cannot */
  probe? (): Promise<void>
  stop (): Promise<void>
}

/** A started media server. */
export interface RunningNode extends RunningPeer {
  /** The media of another node, from afar. */
  media (node: string): RemoteMedia
  /** A viewer waits for pieces `first` … `end - 1` of a job's put that is still arriving: they come before others. To be said again every few seconds while he waits. */
  wanted (job: string, seq: number, first: number, end: number): void
  /** Whether a piece of a job's put is here, verified and written. */
  holds (job: string, seq: number, piece: number): boolean
  /** What is published here, by path. */
  readonly tree: MediaTree
  /** Published files that were found to be rotten. */
  readonly rot: Readonly<Rot>
  /** Read and check again now what is held and published, as happens every few hours. */
  scrub (): Promise<void>
  /** Remove now what is not kept any more, as happens every few minutes. @returns how many files it was */
  retain (): Promise<number>
  /** What is still on its way here, by path. */
  readonly arrivals: Arrivals
  /** Where what is here came from, by path. */
  readonly origins: Origins
  /** Bytes of media that were sent to other peers since the start. */
  readonly sentBytes: number
  /** What other peers may have of the uplink from now on, in bytes per second; only where it was limited at the start. */
  limitUpload (rate: number): void
  /** What others have, by path: fetched on demand; undefined if that was not asked for. */
  readonly pulled: PulledMedia | undefined
}

/** Jobs that the base is greeted with, some 75 bytes each: after its restart it takes us for a stranger, with 4 KiB at most. */
const MAX_HEADS = 32
/** How often watchers are told of progress, in milliseconds. */
const PROGRESS_MS = 500

/**
 * Start a media server: it joins the fleet of its base, takes jobs, passes them
 * on, publishes what they carry and states so in signed receipts.
 *
 * @throws {IdentityError | JournalError | StoreError | HelloRefused} with what to mend
 */
export async function startMediaServer (init: MediaServerInit): Promise<RunningNode> {
  const log = init.log ?? silent
  await mkdir(init.dataDir, { recursive: true })
  const key = await loadIdentity(init.dataDir)
  const base = multiaddr(init.base).getComponents().findLast(({ name }) => name === 'p2p')?.value ?? ''
  const quota = init.quotaBytes == null ? undefined : await Quota.open(init.mediaRoot, init.quotaBytes)
  if (quota != null && quota.used > quota.bytes) log.error('media.quota is below what is there: no put is accepted until some of it is removed or media.quota is raised', { quota: quota.bytes, used: quota.used, root: init.mediaRoot })
  const store = await TreeStore.open(init.mediaRoot, { attributes: init.attributes, quota })
  const cache = init.onDemandQuota == null ? undefined : await PullCache.open(join(init.dataDir, 'on-demand'), init.onDemandQuota)
  const journal = openJournal(join(init.dataDir, 'journal.sqlite'), { onFailed: endOnFailure(log) })
  // Behind the journal's lock: what another process of this node is at must not be taken for what a crash has left.
  const tree = await MediaTree.open(init.mediaRoot, init.attributes, store.space)
  const membership = new Membership(base)
  const jobs = new JobBook(journal, base, 'node')
  let driver: Driver | undefined
  const host = await createHost({ key, listen: init.listen, announce: init.announce, refuse: peer => membership.isRevoked(peer.toString()) || driver?.isBanned(peer.toString()) === true, avoid: peer => helloProtocol.wasRefused(peer.toString()) })
  const self = host.peerId.toString()

  const link = new BaseLink(host, { base: init.base, credential: journalCredential(journal), membership, log, join: init.join, http: init.http })
  const helloProtocol: Hello = new Hello({ host, log }, {
    membership,
    greeting: peer => ({ ...link.greeting(peer, init.uploadRate ?? 0), heads: peer === base ? jobs.heads(MAX_HEADS) : [] }),
    welcome: async (peer, greeting) => {
      if (membership.roleOf(peer) == null) await membership.show(peer, greeting.credential)
      return { version: VERSION, credential: link.credential, roster: membership.roster, heads: [], refused: '' }
    },
    onAdmitted: peer => {
      driver?.input({ type: 'connected', peer })
      if (peer === base) outbox.flush()
    },
    onWelcome: (peer, welcome) => link.welcomed(peer, welcome)
  })
  const components = { host, log, admitted: (connection: Parameters<Hello['admitted']>[0]) => helloProtocol.admitted(connection) }
  const notify = new Notify(components, { onReceipt: async () => { throw new Error('receipts go to the base') } })
  const outbox = new Outbox(journal, notify, base, log, async (id, known) => await receipts.takeBack(id, jobs.byId(id), known))
  const receipts: ReceiptWriter = new ReceiptWriter({ key, self, journal, log, onWritten: () => outbox.flush() })

  const executor = new Executor({ journal, store })
  const attempts = new Attempts()
  const fault = plantedFault()
  if (fault != null) log.warn('a fault is planted for a test', { fault })
  const perform: typeof executor.execute = (...args) => executor.execute(...args)
  const effect = fault === 'hang-executor' ? hangFirst(perform) : perform
  driver = new Driver(components, { journal, jobs, store, checkpoint: NODE_CHECKPOINT, uploadRate: init.uploadRate, optimizations: init.optimizations, execute: (job, command, mediaOf) => attempts.run(job.key, attempt => effect(job, command, mediaOf, attempt)), receipt: (job, effect) => receipts.write(job, effect) })
  const running = driver
  const actions = new RepairActions({ jobs, care: new JobCare(host, driver), outbox, receipts, attempts, unfitness: baseMs => unfitness({ folder: join(init.mediaRoot, RESERVED_COMPONENT), journal }, baseMs), restartProcess: init.restartProcess })
  const repairs = new Repairs({ key, self, base, journal, log, max: init.repair ?? DEFAULT_REPAIR_LEVEL, perform: (...order) => actions.perform(...order) })
  const statusProtocol = new Status(components, {
    answer: async (request: status.StatusRequest) => {
      if (request.closed != null) {
        await link.closed(request.closed, hash => {
          attempts.forget(hash)
          return running.closeJob(hash)
        })
        return { known: true, head: 0, commands: [], refused: '' }
      }
      if (request.repair != null) return { known: true, head: 0, commands: [], refused: '', outcome: await repairs.carryOut(request.repair) }
      if (request.job == null) throw new Error('this version of the software does not answer questions of this kind: update it')
      const job = toHex(request.job)
      return statusReply(running.status(job), attempts.isHalted(job) ? 'out of service until it is activated' : undefined)
    }
  })

  const recall = new Recall(components, { answer: request => recollect(journal, self, request) })
  const errands = new Errands({ self, base, tree, viewers: init.viewers, log })
  const ctp = new Ctp(components, { onErrand: line => errands.serve(line) })
  const capabilities = new Capabilities((intent, signal) => ctp.ask(base, { ...intent, path: [...intent.path] }, signal))
  const stopping = new AbortController()
  const media = (node: string): RemoteMedia => new RemoteMedia(ctp, node, capabilities)
  const scrubRate = init.scrubRate ?? SCRUB_RATE
  const present = async (): Promise<void> => { await access(join(init.mediaRoot, RESERVED_COMPONENT)) }
  const retention = new Retention({ journal, tree, rules: init.retention ?? [], pins: init.pins ?? [], withdraw: async ({ path, stamp }) => await withdraw(init.mediaRoot, path.split('/'), stamp), present, log, signal: stopping.signal })
  const published = new PublishedScrub({ journal, tree, self, locate: async path => await ctp.locate(base, path, stopping.signal), media, present, log, rate: scrubRate, signal: stopping.signal })
  const upkeep = new Upkeep({ journal, jobs, store, driver, log, retentionMs: init.retentionMs ?? RETENTION_MS, scrubRate, published, retention, closesExpired: true })

  const stop = async (): Promise<void> => {
    clearInterval(progress)
    stopping.abort()
    link.stop()
    attempts.stop()
    await outbox.stop()
    await upkeep.stop()
    await running.stop()
    await receipts.settled()
    await host.stop()
    await cache?.close()
    journal.close()
  }
  const progress = setInterval(() => {
    for (const job of jobs) {
      for (const { seq, state, bytes, source, switches } of running.status(job.key)?.commands ?? []) {
        if (state.state === 'new' && bytes > 0) outbox.progress({ peer: self, job: job.signed.value.id, seq, bytes, source: source ?? '', switches })
      }
    }
  }, PROGRESS_MS)
  try {
    for (const protocol of [helloProtocol, notify, statusProtocol, recall, ctp, running]) await protocol.start()
    await executor.tidy()
    for (const job of await jobs.restore(Date.now())) {
      // First what was said before, or was to be: that the job was received, above all.
      receipts.restate(job)
      running.restore(job)
    }
    await upkeep.start()
    // Only now may anybody ask: what was known before the restart is known again.
    await host.start()
    await link.start(helloProtocol, true)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    peer: self,
    addresses: host.getMultiaddrs().map(String),
    media,
    wanted: (job, seq, first, end) => running.input({ type: 'wanted', job: jobs.byId(job)?.key ?? '', seq, first, end }),
    holds: (job, seq, piece) => running.peer.pieces(jobs.byId(job)?.key ?? '', seq)?.has(piece) === true,
    tree,
    rot: published.rot,
    scrub: async () => { await upkeep.scrub() },
    retain: async () => await retention.run(Date.now()),
    get sentBytes () { return running.sentBytes() },
    limitUpload: rate => running.input({ type: 'uploadRate', rate }),
    arrivals: new Arrivals({ jobs, journal, intake: running.intake }),
    origins: new Origins({ base, jobs, journal, intake: running.intake, peer: running.peer }),
    pulled: cache == null ? undefined : new PulledMedia({ cache, locate: async (path, signal) => await ctp.locate(base, path, signal), media, log }),
    probe: async () => {
      journal.meta.set('probe', Date.now())
      await access(init.mediaRoot, constants.W_OK)
    },
    stop
  }
}

function journalCredential ({ meta }: Journal): CredentialFile {
  return {
    load: () => Buffer.from(String(meta.get('credential') ?? ''), 'base64'),
    save: credential => meta.set('credential', Buffer.from(credential).toString('base64'))
  }
}
