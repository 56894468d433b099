import { ABSENCES_COUNTED, expectedWait, type ExpectedWait } from '@sluice/core'
import type { Journal } from '@sluice/store'

/** Shorter ones are connections that broke and were there again, and no absences. In milliseconds. */
const SHORTEST_MS = 1_000
/** Read of each member, so that enough are left when the short ones are taken out. */
const READ = 4 * ABSENCES_COUNTED

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** When members are away, and how long it usually takes until they are back. */
export class Absences {
  readonly #journal: Journal
  readonly #startedMs: number
  #stopped = false

  /** @param startedMs - when this base began to look */
  constructor (journal: Journal, startedMs: number) {
    this.#journal = journal
    this.#startedMs = startedMs
  }

  left (peer: string, nowMs: number): void {
    // A base that stops leaves; they do not.
    if (!this.#stopped && this.#journal.member(peer) != null) this.#journal.beginAbsence(peer, nowMs)
  }

  returned (peer: string, nowMs: number): void {
    this.#journal.endAbsence(peer, nowMs)
  }

  stop (): void {
    this.#stopped = true
  }

  /** How long it will probably take until it is back. */
  expected (peer: string, nowMs: number): ExpectedWait {
    const { tookMs, since } = this.#journal.absences(peer, READ)
    return expectedWait(tookMs.filter(ms => ms >= SHORTEST_MS), Math.max(0, nowMs - (since ?? this.#startedMs)))
  }

  /** The same as a sentence for people. */
  sentence (peer: string, nowMs: number): string {
    const { ms, because } = this.expected(peer, nowMs)
    return `expected back in about ${inWords(ms)} (${because})`
  }
}

export function inWords (ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(1, Math.round(ms / SECOND_MS))} s`
  return ms < HOUR_MS ? `${Math.round(ms / MINUTE_MS)} min` : `${Math.round(ms / HOUR_MS)} h`
}
