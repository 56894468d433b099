import type { Optimizations } from '@sluice/core'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BASE_CHECKPOINT, Capabilities, createHost, Driver, Hello, type Host, JobBook, loadIdentity, type Logger, Membership, Notify, RemoteMedia, type RunningPeer, Session, silent, Status, Ctp, VERSION } from '@sluice/node'
import { FlatStore, openJournal } from '@sluice/store'
import { sign } from '@sluice/wire'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { Answers } from './answers.ts'
import { type AccessRule, DEFAULT_ACCESS, Grants } from './grants.ts'
import { Lifecycle } from './lifecycle.ts'
import { type ListedMember, Registry } from './registry.ts'
import { Sessions } from './sessions.ts'
import { Uploads } from './uploads.ts'

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
  readonly log?: Logger | undefined
}

/** A started base. */
export interface RunningBase extends RunningPeer {
  /** The media of a node, from afar. */
  media (node: string): RemoteMedia
}

const WAIT_PERIOD_MS = 30_000
const WAIT_PERIODS = 4

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
  const journal = openJournal(join(init.dataDir, 'journal.sqlite'))
  const store = await FlatStore.open(spool)
  const epoch = Number(journal.meta.get('epoch') ?? 0)
  const membership = new Membership(self)
  const registry = new Registry({ key, self, epoch, journal, membership })
  registry.list(init.members)
  const jobs = new JobBook(journal, self, 'base')
  const roster = await sign('roster', { base: self, epoch, seq: 1, issued: Date.now(), revoked: journal.members().filter(({ revoked }) => revoked).map(({ peer }) => peer) }, key)
  await membership.update(roster.bytes)
  const host = await createHost({ key, listen: init.listen, announce: init.announce, refuse: peer => membership.isRevoked(peer.toString()) || driver.isBanned(peer.toString()), avoid: peer => hello.wasRefused(peer.toString()) })

  const hello: Hello = new Hello({ host, log }, {
    membership,
    greeting: () => ({ version: VERSION, credential: new Uint8Array(), token: '', heads: [], uploadRate: init.uploadRate ?? 0 }),
    welcome: async (peer, greeting) => ({ version: VERSION, credential: await registry.admit(peer, greeting), roster: roster.bytes, heads: [], refused: '' }),
    onAdmitted: peer => {
      registry.online(peer, true)
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
    onFetch: (job, seq, first, end) => uploads.fetch(job, seq, first, end)
  })
  const status = new Status(components, { answer: async () => { throw new Error('a base is not asked for its status') } })
  const lifecycle: Lifecycle = new Lifecycle({
    key,
    epoch,
    journal,
    jobs,
    driver: () => driver,
    status: () => status,
    waitPeriodMs: init.waitPeriodMs ?? WAIT_PERIOD_MS,
    waitPeriods: init.waitPeriods ?? WAIT_PERIODS,
    log,
    onReceipt: (job, receipt) => sessions.tell(job.key, { notice: { receipt: receipt.bytes } }),
    onClosed: (job, report) => {
      log.info('base egress', { job: job.signed.value.id, bytes: driver.sentBytes(job.key) })
      void sessions.closed(job, report)
    }
  })
  const notify = new Notify(components, {
    onReceipt: (from, receipt) => lifecycle.receive(from, receipt),
    onProgress: (from, progress) => {
      const job = jobs.byId(progress.job)
      // A node speaks for itself only.
      if (job != null) sessions.tell(job.key, { notice: { receipt: new Uint8Array(), progress: { ...progress, peer: from } } })
    }
  })
  const answers = new Answers({ self, journal, jobs, registry, status: () => status, phase: job => lifecycle.phase(job) })
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
    log,
    onOpened: job => {
      lifecycle.opened(job)
      driver.jobAdded(job, [{ first: 0, end: job.signed.value.servers.length }])
    }
  })
  const uploads = new Uploads({ key, epoch, journal, jobs, driver: () => driver, reserve: shape => store.reserve(shape), onAccepted: (job, seq) => lifecycle.accepted(job, seq) })
  const sessionProtocol = new Session(components, { onSession: line => sessions.serve(line) })
  const grants = new Grants({ key, self, epoch, journal, rules: init.access ?? DEFAULT_ACCESS })
  const ctp = new Ctp(components, { onUpload: (provider, reply) => uploads.begin(provider, reply), onAsk: async (member, ask) => ({ capability: await grants.grant(member, ask), addresses: await addressesOf(host, ask.node) }) })
  const capabilities = new Capabilities(intent => grants.grant(self, { ...intent, path: [...intent.path] }))

  const stop = async (): Promise<void> => {
    lifecycle.stop()
    await driver.stop()
    await host.stop()
    journal.close()
  }
  try {
    for (const protocol of [hello, notify, status, sessionProtocol, ctp, driver]) await protocol.start()
    for (const job of await jobs.restore(Date.now())) {
      driver.restore(job)
      await lifecycle.restore(job)
    }
    // Only now may anybody ask: what was known before the restart is known again.
    await host.start()
  } catch (error) {
    await stop()
    throw error
  }

  return {
    peer: self,
    addresses: host.getMultiaddrs().map(String),
    media: node => new RemoteMedia(ctp, node, capabilities),
    stop
  }
}

/** Where a member is, as far as it has told. */
async function addressesOf (host: Host, peer: string): Promise<string[]> {
  const known = await host.peerStore.get(peerIdFromString(peer)).catch(() => undefined)
  return known?.addresses.map(({ multiaddr }) => multiaddr.toString()) ?? []
}
