import type { CommandBody, CommandInfo, JobInfo } from '@sluice/core'
import { nameOf, PIECE_BYTES, type CommandPlan, type JobPlan, type Plan } from './plan.ts'

/** Hashes in a full page, as packages/wire has it; a live put's pages are cut after at most so long. */
const PAGE_PIECES = 256
const LIVE_PAGE_S = 0.05

/** More than any plan has, and together less than the 53 bits of a number. */
const MAX_COMMANDS = 2 ** 12
const MAX_PAGES = 2 ** 24

type Media = Extract<CommandPlan, { kind: 'put' | 'live' }>

/** What the provider means to do, looked up by job and command. */
export class Script {
  readonly #plan: Plan
  readonly #jobs = new Map<string, JobPlan>()
  readonly #numbers = new Map<string, number>()

  constructor (plan: Plan) {
    this.#plan = plan
    for (const [number, job] of plan.jobs.entries()) {
      this.#jobs.set(job.id, job)
      this.#numbers.set(job.id, number)
    }
  }

  get jobs (): readonly JobPlan[] {
    return this.#plan.jobs
  }

  job (id: string): JobPlan {
    const job = this.#jobs.get(id)
    if (job == null) throw new Error(`the plan has no job ${id}`)
    return job
  }

  media (id: string, seq: number): Media {
    const command = this.job(id).commands[seq - 1]
    if (command?.kind !== 'put' && command?.kind !== 'live') throw new Error(`command ${seq} of job ${id} is no put`)
    return command
  }

  /** Pieces of a put in the end, which a live put's receivers learn last. */
  length (id: string, seq: number): number {
    return this.media(id, seq).pieces
  }

  pagePieces (id: string, seq: number): number {
    const media = this.media(id, seq)
    return media.kind === 'put' ? PAGE_PIECES : Math.max(1, Math.min(PAGE_PIECES, Math.floor(media.rate * LIVE_PAGE_S / PIECE_BYTES)))
  }

  /** A page by a number of its own: sets of them are asked for every piece. */
  pageKey (id: string, seq: number, page: number): number {
    return ((this.#numbers.get(id) ?? 0) * MAX_COMMANDS + seq) * MAX_PAGES + page
  }

  /** Microseconds after its command at which a piece is at the base. */
  pieceUs (id: string, seq: number, piece: number): number {
    const { rate } = this.media(id, seq)
    return rate == null ? 0 : piece * PIECE_BYTES / rate * 1e6
  }

  info (id: string): JobInfo {
    const { servers, priority } = this.job(id)
    return { id, base: nameOf(0), servers: servers.map(nameOf), rates: servers.map(index => this.#plan.hosts[index]?.up ?? 0), priority }
  }

  command (id: string, seq: number): CommandInfo {
    const command = this.job(id).commands[seq - 1] as CommandPlan
    return { seq, track: command.track, continueAfterFailure: false, body: bodyOf(command) }
  }

  /** Whether a host cannot do a command. */
  failsAt (id: string, seq: number, host: number): boolean {
    const command = this.job(id).commands[seq - 1]
    return command?.kind === 'effect' && command.failsAt.includes(host)
  }
}

function bodyOf (command: CommandPlan): CommandBody {
  switch (command.kind) {
    case 'put': return { kind: 'put', pieces: command.pieces, chunkPieces: command.chunkPieces }
    case 'live': return { kind: 'put', pieces: undefined, chunkPieces: command.chunkPieces }
    case 'effect': return { kind: 'effect' }
    case 'cancel': return { kind: 'cancel', seq: command.seq, reason: 'the plan says so' }
    case 'end': return { kind: 'end' }
  }
}
