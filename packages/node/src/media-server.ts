import type { Optimizations } from '@sluice/core'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { type AttributePolicy, type Journal, MediaTree, openJournal, TreeStore } from '@sluice/store'
import { toHex, type status } from '@sluice/wire'
import { Arrivals } from './arrivals.ts'
import { BaseLink, type CredentialFile } from './base-link.ts'
import { Capabilities } from './capabilities.ts'
import { Driver } from './driver.ts'
import { Errands } from './errands.ts'
import { Executor } from './executor.ts'
import { createHost } from './host.ts'
import { loadIdentity } from './identity.ts'
import { JobBook } from './job-book.ts'
import { type Logger, silent } from './log.ts'
import { Membership } from './membership.ts'
import { Origins } from './origins.ts'
import { Outbox } from './outbox.ts'
import { Ctp } from './protocols/ctp.ts'
import { Hello } from './protocols/hello.ts'
import { Notify } from './protocols/notify.ts'
import { Status } from './protocols/status.ts'
import { ReceiptWriter } from './receipt-writer.ts'
import { RemoteMedia } from './remote-media.ts'
import { NODE_CHECKPOINT } from './staged-media.ts'
import { statusReply } from './status-reply.ts'
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
  /** Attributes that are set beside mode and time; none if not given. */
  readonly attributes?: AttributePolicy | undefined
  /** What this node's uplink gives at most, in bytes per second; told to the base too, which ranks by it. */
  readonly uploadRate?: number | undefined
  /** Those that are turned off, to measure what they are worth. */
  readonly optimizations?: Partial<Optimizations> | undefined
  readonly log?: Logger | undefined
}

/** A started peer of any role. */
export interface RunningPeer {
  readonly peer: string
  readonly addresses: string[]
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
  /** What is still on its way here, by path. */
  readonly arrivals: Arrivals
  /** Where what is here came from, by path. */
  readonly origins: Origins
}

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
  const store = await TreeStore.open(init.mediaRoot, { attributes: init.attributes })
  const tree = await MediaTree.open(init.mediaRoot, init.attributes)
  const journal = openJournal(join(init.dataDir, 'journal.sqlite'))
  const membership = new Membership(base)
  const jobs = new JobBook(journal, base, 'node')
  let driver: Driver | undefined
  const host = await createHost({ key, listen: init.listen, announce: init.announce, refuse: peer => membership.isRevoked(peer.toString()) || driver?.isBanned(peer.toString()) === true, avoid: peer => helloProtocol.wasRefused(peer.toString()) })
  const self = host.peerId.toString()

  const link = new BaseLink(host, { base: init.base, credential: journalCredential(journal), membership, log, join: init.join })
  const helloProtocol: Hello = new Hello({ host, log }, {
    membership,
    greeting: peer => link.greeting(peer, init.uploadRate ?? 0),
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
  const outbox = new Outbox(journal, notify, base, log)
  const receipts = new ReceiptWriter({ key, self, journal, log, onWritten: () => outbox.flush() })

  const executor = new Executor({ journal, store })
  driver = new Driver(components, { journal, jobs, store, checkpoint: NODE_CHECKPOINT, uploadRate: init.uploadRate, optimizations: init.optimizations, execute: (job, command, mediaOf) => executor.execute(job, command, mediaOf), receipt: (job, effect) => receipts.write(job, effect) })
  const running = driver
  const statusProtocol = new Status(components, {
    answer: async (request: status.StatusRequest) => {
      if (request.closed != null) {
        await link.closed(request.closed, hash => running.closeJob(hash))
        return { known: true, head: 0, commands: [], refused: '' }
      }
      if (request.job == null) throw new Error('this version of the software has no repair actions: update it')
      return statusReply(running.status(toHex(request.job)))
    }
  })

  const errands = new Errands({ self, base, tree, log })
  const ctp = new Ctp(components, { onErrand: line => errands.serve(line) })
  const capabilities = new Capabilities((intent, signal) => ctp.ask(base, { ...intent, path: [...intent.path] }, signal))

  const stop = async (): Promise<void> => {
    clearInterval(progress)
    link.stop()
    await outbox.stop()
    await running.stop()
    await receipts.settled()
    await host.stop()
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
    for (const protocol of [helloProtocol, notify, statusProtocol, ctp, running]) await protocol.start()
    for (const job of await jobs.restore(Date.now())) {
      running.restore(job)
      receipts.restate(job)
    }
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
    media: node => new RemoteMedia(ctp, node, capabilities),
    wanted: (job, seq, first, end) => running.input({ type: 'wanted', job: jobs.byId(job)?.key ?? '', seq, first, end }),
    holds: (job, seq, piece) => running.peer.pieces(jobs.byId(job)?.key ?? '', seq)?.has(piece) === true,
    tree,
    arrivals: new Arrivals({ jobs, journal, intake: running.intake }),
    origins: new Origins({ base, jobs, journal, intake: running.intake, peer: running.peer }),
    stop
  }
}

function journalCredential ({ meta }: Journal): CredentialFile {
  return {
    load: () => Buffer.from(String(meta.get('credential') ?? ''), 'base64'),
    save: credential => meta.set('credential', Buffer.from(credential).toString('base64'))
  }
}
