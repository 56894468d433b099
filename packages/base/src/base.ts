import type { Optimizations } from '@sluice/core'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BASE_CHECKPOINT, Capabilities, createHost, Driver, endOnFailure, Hello, type Host, JobBook, loadIdentity, type Logger, Membership, Notify, RemoteMedia, RETENTION_MS, type RunningPeer, Session, silent, Status, Ctp, Upkeep, VERSION } from '@sluice/node'
import { FlatStore, openJournal } from '@sluice/store'
import { checkPath, type ctp, Entry, sign } from '@sluice/wire'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { Absences } from './absences.ts'
import { Answers } from './answers.ts'
import { Cancellation } from './cancellation.ts'
import { type AccessRule, DEFAULT_ACCESS, Grants } from './grants.ts'
import { Lifecycle } from './lifecycle.ts'
import { Locator } from './locator.ts'
import { OperatorDesk } from './operator-desk.ts'
import { type ListedMember, Registry } from './registry.ts'
import { Sessions } from './sessions.ts'
import { Uploads } from './uploads.ts'
import { Webhooks } from './webhooks.ts'

export interface BaseInit {
  /** Folder for key, journal and spool; made if missing. */
  readonly dataDir: string
  readonly listen: readonly string[]
  readonly announce?: readonly string[] | undefined
  readonly members: readonly ListedMember[]
  /** Who may do what with whose media; DEFAULT_ACCESS if not given. */
  readonly access?: readonly AccessRule[] | undefined
  /** What the base's uplink gives at most, in bytes per second. */
  readonly uploadRate?: number | undefined
  /** Those that are turned off, to measure what they are worth. */
  readonly optimizations?: Partial<Optimizations> | undefined
  /** How long after a job's end a server may be silent before it is asked. */
  readonly waitPeriodMs?: number | undefined
  /** Periods without an answer, or progress, after which it is given up. */
  readonly waitPeriods?: number | undefined
  /** How long what the journal has of a closed job is kept, in milliseconds. */
  readonly retentionMs?: number | undefined
  readonly log?: Logger | undefined
}

/** A started base. */
export interface RunningBase extends RunningPeer {
  /** The media of a node, from afar. */
  media (node: string): RemoteMedia
  /** Who has what, now. */
  readonly locator: Locator
}

const WAIT_PERIOD_MS = 30_000
const WAIT_PERIODS = 4
/** How long it may take to drop the connection to a silent server, and to dial it anew. */
const HANG_UP_MS = 1_000
const DIAL_MS = 10_000

/**
 * Start a base: it enrols members, opens jobs for providers, takes their media
 * in, is the first source of it, and closes each job with one line per server.
 *
 * @throws {IdentityError | JournalError | StoreError} with what to mend
 */
export async function startBase (init: BaseInit): Promise<RunningBase> {
  const log = init.log ?? silent
  const spool = join(init.dataDir, 'spool')
  await mkdir(spool, { recursive: true })
  const key = await loadIdentity(init.dataDir)
  const self = peerIdFromPrivateKey(key).toString()
  const journal = openJournal(join(init.dataDir, 'journal.sqlite'), { onFailed: endOnFailure(log) })
  const store = await FlatStore.open(spool)
  const epoch = Number(journal.meta.get('epoch') ?? 0)
  const membership = new Membership(self)
  const absences = new Absences(journal, Date.now())
  const registry = new Registry({ key, self, epoch, journal, membership, absences })
  registry.list(init.members)
  const jobs = new JobBook(journal, self, 'base')
  const roster = await sign('roster', { base: self, epoch, seq: 1, issued: Date.now(), revoked: journal.members().filter(({ revoked }) => revoked).map(({ peer }) => peer) }, key)
  await membership.update(roster.bytes)
  const host = await createHost({ key, listen: init.listen, announce: init.announce, refuse: peer => membership.isRevoked(peer.toString()) || driver.isBanned(peer.toString()), avoid: peer => hello.wasRefused(peer.toString()) })

  const hello: Hello = new Hello({ host, log }, {
    membership,
    greeting: () => ({ version: VERSION, credential: new Uint8Array(), token: '', heads: [], uploadRate: init.uploadRate ?? 0 }),
    welcome: async (peer, greeting) => ({ version: VERSION, credential: await registry.admit(peer, greeting), roster: roster.bytes, heads: [], refused: '' }),
    onAdmitted: (peer, _role, heads) => {
      registry.online(peer, true)
      void sessions.returned(peer)
      lifecycle.returned(peer, heads).catch((error: Error) => { log.debug('not told what is closed', { peer, error: error.message }) })
      driver.input({ type: 'connected', peer })
    }
  })
  host.addEventListener('peer:disconnect', event => registry.online(event.detail.toString(), false))
  const components = { host, log, admitted: (connection: Parameters<Hello['admitted']>[0]) => hello.admitted(connection) }
  const driver: Driver = new Driver(components, {
    journal,
    jobs,
    store,
    checkpoint: BASE_CHECKPOINT,
    uploadRate: init.uploadRate,
    optimizations: init.optimizations,
    execute: async () => { throw new Error('a base executes no commands') },
    receipt: () => {},
    onDurable: (job, seq, pieces) => uploads.durable(job, seq, pieces),
    onFetch: (job, seq, first, end) => uploads.fetch(job, seq, first, end),
    onFailed: (job, seq, reason) => uploads.failed(job, seq, reason),
    onLost: (job, seq) => uploads.lost(job, seq)
  })
  const status = new Status(components, { answer: async () => { throw new Error('a base is not asked for its status') } })
  const lifecycle: Lifecycle = new Lifecycle({
    key,
    self,
    epoch,
    journal,
    jobs,
    absences,
    reconnect: peer => {
      const id = peerIdFromString(peer)
      void host.hangUp(id, { signal: AbortSignal.timeout(HANG_UP_MS) }).catch(() => {}).then(() => host.dial(id, { signal: AbortSignal.timeout(DIAL_MS) })).catch(() => {})
    },
    driver: () => driver,
    status: () => status,
    waitPeriodMs: init.waitPeriodMs ?? WAIT_PERIOD_MS,
    waitPeriods: init.waitPeriods ?? WAIT_PERIODS,
    log,
    onReceipt: (job, receipt) => sessions.tell(job.key, { notice: { receipt: receipt.bytes } }),
    onSituation: (job, situation) => sessions.tell(job.key, { notice: { receipt: new Uint8Array(), situation } }),
    onClosed: job => {
      log.info('base egress', { job: job.signed.value.id, bytes: driver.sentBytes(job.key) })
      void sessions.closed(job)
    }
  })
  const notify = new Notify(components, {
    onReceipt: (from, receipt) => lifecycle.receive(from, receipt),
    onProgress: (from, progress) => {
      lifecycle.progress(from, progress)
      const job = jobs.byId(progress.job)
      // A node speaks for itself only.
      if (job != null) sessions.tell(job.key, { notice: { receipt: new Uint8Array(), progress: { ...progress, peer: from } } })
    }
  })
  const answers = new Answers({ self, journal, jobs, registry, absences, status: () => status, phase: job => lifecycle.phase(job) })
  const sessions = new Sessions({
    key,
    self,
    epoch,
    addresses: () => host.getMultiaddrs().map(String),
    journal,
    jobs,
    registry,
    answers,
    notify: () => notify,
    webhooks: () => webhooks,
    cancel: (job, reason) => cancellation.cancel(job, reason),
    log,
    onOpened: job => {
      lifecycle.opened(job)
      driver.jobAdded(job, [{ first: 0, end: job.signed.value.servers.length }])
    }
  })
  const cancellation = new Cancellation({ key, epoch, jobs, driver: () => driver, onAccepted: (job, seq) => lifecycle.accepted(job, seq) })
  const operator = new OperatorDesk({
    dataDir: init.dataDir,
    log,
    cancel: async (id, reason) => {
      const job = jobs.byId(id)
      if (job == null) throw new Error(`no open job ${id} here`)
      return await cancellation.cancel(job, reason)
    }
  })
  const webhooks: Webhooks = new Webhooks({ journal, log, body: id => sessions.webhookBody(id) })
  const uploads = new Uploads({ key, epoch, journal, jobs, driver: () => driver, reserve: shape => store.reserve(shape), onAccepted: (job, seq) => lifecycle.accepted(job, seq) })
  const sessionProtocol = new Session(components, { onSession: line => sessions.serve(line) })
  const grants = new Grants({ key, self, epoch, journal, rules: init.access ?? DEFAULT_ACCESS })
  const transfer = new Ctp(components, {
    onUpload: (provider, reply, interrupt) => uploads.begin(provider, reply, interrupt),
    onAsk: async (member, ask) => ({ capability: await grants.grant(member, ask), addresses: await addressesOf(host, ask.node) }),
    onLocate: async (member, path) => ({ holders: await holdersFor(member, path, locator, grants) })
  })
  const locator = new Locator({ nodes: () => registry.nodesOnline(), httpOf: peer => registry.httpOf(peer), look: async (node, path, signal) => await new RemoteMedia(transfer, node, capabilities).look(path, { signal }) })
  const capabilities = new Capabilities(intent => grants.grant(self, { ...intent, path: [...intent.path] }))

  // Nobody could give a base good bytes again but its provider, who left: it hashes what it gives out, and scrubs nothing.
  const upkeep = new Upkeep({ journal, jobs, store, driver, log, retentionMs: init.retentionMs ?? RETENTION_MS, scrubRate: 0, closesExpired: false })

  const stop = async (): Promise<void> => {
    absences.stop()
    await operator.stop()
    lifecycle.stop()
    await webhooks.stop()
    await upkeep.stop()
    await driver.stop()
    await host.stop()
    journal.close()
  }
  try {
    for (const protocol of [hello, notify, status, sessionProtocol, transfer, driver]) await protocol.start()
    for (const job of await jobs.restore(Date.now())) {
      driver.restore(job)
      await lifecycle.restore(job)
    }
    await upkeep.start()
    // Only now may anybody ask: what was known before the restart is known again.
    await host.start()
  } catch (error) {
    await stop()
    throw error
  }

  return {
    peer: self,
    addresses: host.getMultiaddrs().map(String),
    media: node => new RemoteMedia(transfer, node, capabilities),
    locator,
    probe: async () => { journal.meta.set('probe', Date.now()) },
    stop
  }
}

/** Where a member is, as far as it has told. */
async function addressesOf (host: Host, peer: string): Promise<string[]> {
  const known = await host.peerStore.get(peerIdFromString(peer)).catch(() => undefined)
  return known?.addresses.map(({ multiaddr }) => multiaddr.toString()) ?? []
}

/** Who has a file that a member may get: where it may not, it need not know either. */
async function holdersFor (member: string, path: readonly string[], locator: Locator, grants: Grants): Promise<ctp.Holder[]> {
  checkPath(path)
  const holders: ctp.Holder[] = []
  for (const { node, entry, viewers, http = '' } of await locator.locate(path)) {
    const isAllowed = node !== member && await grants.grant(member, { node, path: [...path], verb: 'get' }).then(() => true, () => false)
    if (isAllowed) holders.push({ node, entry: Entry.encode(entry), viewers, http })
  }
  return holders
}
