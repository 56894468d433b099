import { existsSync } from 'node:fs'
import { mkdir, open as openFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { createHost, Hello, loadIdentity, Membership, Recall, silent, VERSION } from '@sluice/node'
import { openJournal } from '@sluice/store'
import { open, Role, sign } from '@sluice/wire'
import { Absences } from './absences.ts'
import type { BaseInit } from './base.ts'
import { Rebuilding } from './rebuilding.ts'
import { Registry } from './registry.ts'

/** What came of it. */
export interface Rebuilt {
  readonly jobs: number
  readonly receipts: number
  /** Of the new log: above every one that was found. */
  readonly epoch: number
  /** Nodes of the configuration that did not tell what they hold. */
  readonly missing: readonly string[]
  /** Objects that contradict others, and were left out. */
  readonly problems: readonly string[]
}

/**
 * A base that lost its journal gets it back from what its nodes hold: jobs,
 * commands, acceptances, seals and receipts, each verified by its signature.
 * The base must not run; its key must be the same. Then start it: it takes the
 * jobs up, and closes again those whose receipts are all here.
 *
 * @param patienceMs - how long nodes are waited for; over at once when all that are listed have told
 * @throws {Error} where there is a journal: nothing that is there is overwritten
 */
export async function rebuildBase (init: Pick<BaseInit, 'dataDir' | 'listen' | 'announce' | 'members' | 'log'>, patienceMs: number): Promise<Rebuilt> {
  const log = init.log ?? silent
  const path = join(init.dataDir, 'journal.sqlite')
  if (existsSync(path)) throw new Error(`${path} is there: a journal is rebuilt only where there is none. Move it, and what is beside it of that name, away if it is lost for good`)
  await mkdir(init.dataDir, { recursive: true })
  const key = await loadIdentity(init.dataDir)
  const self = peerIdFromPrivateKey(key).toString()
  // Under another name until it is whole: a base must not start with half of it, and an epoch that has fallen.
  const draft = `${path}.rebuilding`
  for (const suffix of ['', '-wal', '.pid']) await rm(`${draft}${suffix}`, { force: true })
  const journal = openJournal(draft)
  const membership = new Membership(self)
  const absences = new Absences(journal, Date.now())
  const registry = new Registry({ key, self, epoch: 0, journal, membership, absences })
  registry.list(init.members)
  const roster = await sign('roster', { base: self, epoch: 0, seq: 1, issued: Date.now(), revoked: [] }, key)
  await membership.update(roster.bytes)
  const rebuilding = new Rebuilding(journal, self)
  const wanted = new Set(init.members.filter(({ role }) => role === 'node').map(({ peer }) => peer))
  const all = Promise.withResolvers<void>()
  const asking = new Map<string, Promise<void>>()

  const host = await createHost({ key, listen: init.listen, announce: init.announce, refuse: () => false })
  const hello: Hello = new Hello({ host, log }, {
    membership,
    greeting: () => ({ version: VERSION, credential: new Uint8Array(), token: '', heads: [], uploadRate: 0 }),
    welcome: async (peer, greeting) => {
      await reenrol(peer, greeting.credential)
      return { version: VERSION, credential: await registry.admit(peer, greeting), roster: roster.bytes, heads: [], refused: '' }
    },
    onAdmitted: peer => {
      if (journal.member(peer)?.role !== Role.NODE || asking.has(peer)) return
      asking.set(peer, ask(peer).then(() => {
        wanted.delete(peer)
        if (wanted.size === 0) all.resolve()
      }, (error: Error) => {
        log.warn('a node did not tell all that it holds', { peer, error: error.message })
        // It may come again.
        asking.delete(peer)
      }))
    }
  })
  const recall = new Recall({ host, log, admitted: connection => hello.admitted(connection) }, { answer: () => { throw new Error('a base recalls nothing for others') } })

  async function ask (peer: string): Promise<void> {
    for await (const part of recall.ask(peer)) await rebuilding.take(peer, part)
    log.info('recalled', { peer, jobs: rebuilding.jobs, receipts: rebuilding.receipts })
  }

  /** Who joined by an invitation is in no configuration: the credential that this base gave him says who he is. */
  async function reenrol (peer: string, credential: Uint8Array): Promise<void> {
    if (journal.member(peer) != null || credential.length === 0) return
    const { value } = await open('credential', credential, self)
    if (value.peer !== peer || value.expires < Date.now()) return
    journal.upsertMember({ peer, role: value.role, labels: value.labels, enrolledAt: value.issued, lastSeen: 0, uploadRate: 0 })
  }

  try {
    await hello.start()
    await host.start()
    const patience = setTimeout(() => all.resolve(), patienceMs)
    await all.promise
    clearTimeout(patience)
    // Who joined is not waited for, but what he began to tell is heard to its end.
    await Promise.all(asking.values())
    const epoch = rebuilding.epoch + 1
    journal.meta.raise('epoch', epoch)
    // Closing writes all of it into the one file.
    journal.close()
    await rename(draft, path)
    await syncFolder(init.dataDir)
    return { jobs: rebuilding.jobs, receipts: rebuilding.receipts, epoch, missing: [...wanted], problems: rebuilding.problems }
  } finally {
    absences.stop()
    await host.stop()
    journal.close()
  }
}

async function syncFolder (path: string): Promise<void> {
  const folder = await openFile(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
