import type { BookedJob, JobBook, Status } from '@sluice/node'
import type { Journal } from '@sluice/store'
import { type Job, open, Outcome, type Receipt, ReceiptKind, type Report, Role, ServerState, session, status } from '@sluice/wire'
import type { Absences } from './absences.ts'
import { collectEvidence, uploadStates } from './evidence.ts'
import type { Registry } from './registry.ts'

export interface AnswersInit {
  readonly self: string
  readonly journal: Journal
  readonly jobs: JobBook
  readonly registry: Registry
  readonly absences: Absences
  readonly status: () => Status
  readonly phase: (key: string) => string
}

/** A command as one server has it. */
interface CommandLine {
  readonly seq: number
  readonly state: 'new' | 'in-progress' | 'completed' | 'failed' | 'superseded'
  readonly bytes: number
  readonly reason?: string
  /** Attributes that it could not set, one line for each. */
  readonly notApplied?: readonly string[]
}

const COMMAND_STATES: Record<status.CommandState, CommandLine['state']> = {
  [status.CommandState.NEW]: 'new',
  [status.CommandState.IN_PROGRESS]: 'in-progress',
  [status.CommandState.STATE_COMPLETED]: 'completed',
  [status.CommandState.STATE_FAILED]: 'failed',
  [status.CommandState.STATE_SUPERSEDED]: 'superseded'
}

/** What receipts say of commands for good. */
const RECEIPTED: Partial<Record<ReceiptKind, CommandLine['state']>> = {
  [ReceiptKind.COMMAND_COMPLETED]: 'completed',
  [ReceiptKind.COMMAND_FAILED]: 'failed',
  [ReceiptKind.COMMAND_SUPERSEDED]: 'superseded'
}

/** Servers asked for one answer: more would take longer than anybody waits. */
const SERVERS_ASKED = 64
/** Jobs listed at most: the newest. */
const JOBS_LISTED = 200

const OUTCOMES: Record<Outcome, string> = { [Outcome.COMPLETE]: 'complete', [Outcome.PARTIAL]: 'partial', [Outcome.FAILED]: 'failed' }
const STATES: Record<ServerState, string> = { [ServerState.SERVER_COMPLETE]: 'complete', [ServerState.SERVER_FAILED]: 'failed', [ServerState.UNREACHABLE]: 'unreachable', [ServerState.UNKNOWN]: 'unknown' }

/** Answers to providers' questions, as JSON. A provider sees its own jobs, and the fleet's nodes. */
export class Answers {
  readonly #init: AnswersInit

  constructor (init: AnswersInit) {
    this.#init = init
  }

  async answer (provider: string, { kind, job }: session.Query): Promise<string> {
    switch (kind) {
      case session.QueryKind.JOBS: return JSON.stringify(await this.#jobs(provider))
      case session.QueryKind.JOB: return JSON.stringify(await this.#job(provider, job))
      case session.QueryKind.NODES: return JSON.stringify(this.#nodes())
      case session.QueryKind.RECEIPTS: return await this.#receipts(provider, job)
      default: throw new Error('this version of the base does not answer questions of this kind: update it')
    }
  }

  async #jobs (provider: string): Promise<object[]> {
    const summaries: object[] = []
    for (const row of this.#init.journal.jobs({ limit: JOBS_LISTED })) {
      const summary = await this.#summary(row.id, provider)
      if (summary != null) summaries.push(summary.summary)
    }
    return summaries
  }

  async #summary (id: string, provider: string): Promise<{ summary: object, value: Job, report: Report | undefined } | undefined> {
    const { journal, self, jobs } = this.#init
    const row = journal.job(id)
    if (row == null) return undefined
    const { value } = await open('job', row.bytes, self)
    const request = await open('jobRequest', value.request)
    if (request.signer !== provider) return undefined
    const reportBytes = journal.report(id)
    const report = reportBytes == null ? undefined : (await open('report', reportBytes, self)).value
    const key = Buffer.from(row.hash).toString('hex')
    const bytes = (await Promise.all(journal.commands(id).map(async command => (await open('command', command.bytes)).value.put?.bytes ?? 0))).reduce((sum, size) => sum + size, 0)
    const completed = report != null
      ? report.servers.filter(({ state }) => state === ServerState.SERVER_COMPLETE).length
      : journal.receipts(id).filter(({ kind }) => kind === ReceiptKind.JOB_COMPLETED).length
    const summary = {
      id,
      name: request.value.options?.name ?? '',
      state: report != null ? OUTCOMES[report.outcome] : jobs.get(key) == null ? row.state : this.#init.phase(key),
      servers: value.servers.length,
      completed,
      bytes,
      commands: journal.commands(id).length,
      created: value.created,
      ...report == null ? {} : { closed: report.closed }
    }
    return { summary, value, report }
  }

  async #job (provider: string, id: string): Promise<object> {
    const { journal } = this.#init
    const found = await this.#summary(id, provider)
    if (found == null) throw new Error(`there is no job ${id} of yours`)
    const { summary, value, report } = found
    const receipts = await Promise.all(journal.receipts(id).map(async ({ bytes, recordedAt }) => ({ recordedAt, value: (await open('receipt', bytes)).value })))
    const asked = report == null ? await this.#ask(this.#init.jobs.byId(id)) : new Map<string, CommandLine[]>()
    const lines = value.servers.map(({ peer }, rank) => {
      const mine = receipts.filter(receipt => receipt.value.node === peer)
      const sources: Record<string, number> = {}
      for (const receipt of mine) for (const source of receipt.value.sources) sources[source.peer] = (sources[source.peer] ?? 0) + source.bytes
      const line = report?.servers[rank]
      return {
        peer,
        state: line == null ? (mine.length === 0 ? 'waiting' : 'working') : STATES[line.state],
        ...line == null || line.reason === '' ? {} : { reason: line.reason },
        ...report != null || this.#init.registry.isOnline(peer) ? {} : this.#away(peer),
        receipts: mine.length,
        bytes: mine.reduce((sum, receipt) => sum + receipt.value.bytes, 0),
        sources,
        switches: mine.reduce((sum, receipt) => sum + receipt.value.switches, 0),
        commands: commandLines(asked.get(peer) ?? [], mine.map(receipt => receipt.value))
      }
    })
    return { ...summary, lines }
  }

  #away (peer: string): { reason: string, expectedWaitMs: number } {
    const now = Date.now()
    return { reason: `not connected; ${this.#init.absences.sentence(peer, now)}`, expectedWaitMs: Math.round(this.#init.absences.expected(peer, now).ms) }
  }

  /** What the connected servers of an open job say of its commands: received and in progress are told by query only. */
  async #ask (job: BookedJob | undefined): Promise<Map<string, CommandLine[]>> {
    const answers = new Map<string, CommandLine[]>()
    const peers = (job?.signed.value.servers ?? []).map(({ peer }) => peer).filter(peer => this.#init.registry.isOnline(peer)).slice(0, SERVERS_ASKED)
    await Promise.allSettled(peers.map(async peer => {
      const reply = await this.#init.status().query(peer, { job: job?.signed.hash as Uint8Array })
      answers.set(peer, reply.commands.map(({ seq, state, bytes, reason }) => ({ seq, state: COMMAND_STATES[state], bytes, ...reason === '' ? {} : { reason } })))
    }))
    return answers
  }

  #nodes (): object[] {
    const { journal, registry } = this.#init
    return journal.members().filter(member => member.role === Role.NODE).map(({ peer, labels, enrolledAt, lastSeen, uploadRate, revoked }) => ({
      peer,
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      connected: registry.isOnline(peer),
      enrolledAt,
      lastSeen,
      uploadRate,
      revoked
    }))
  }

  async #receipts (provider: string, id: string): Promise<string> {
    if (await this.#summary(id, provider) == null) throw new Error(`there is no job ${id} of yours`)
    const evidence = await collectEvidence(this.#init.journal, id, this.#init.self)
    if (evidence == null) throw new Error(`there is no job ${id}`)
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
    return JSON.stringify({
      job: text(evidence.job),
      commands: evidence.commands.map(({ command, acceptance }) => ({ command: text(command), acceptance: text(acceptance) })),
      seals: evidence.seals.map(text),
      finalPages: evidence.finalPages.map(text),
      receipts: evidence.receipts.map(text),
      report: evidence.report == null ? null : text(evidence.report),
      uploads: (await uploadStates(this.#init.journal, id)).map(({ seq, done, pages }) => ({ seq, done, pages: [...pages].map(([number, hash]) => [number, text(hash)]) }))
    })
  }
}

/** A server's commands: what it signed, and of the others what it says when it is asked. */
function commandLines (asked: readonly CommandLine[], receipts: readonly Receipt[]): CommandLine[] {
  const lines = new Map(asked.map(line => [line.seq, line]))
  for (const { kind, seq, bytes, reason, notApplied } of receipts) {
    const state = RECEIPTED[kind]
    if (state != null) lines.set(seq, { seq, state, bytes, ...reason === '' ? {} : { reason }, ...notApplied.length === 0 ? {} : { notApplied } })
  }
  return [...lines.values()].sort((a, b) => a.seq - b.seq)
}
