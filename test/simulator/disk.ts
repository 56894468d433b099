import { Prng } from '@sluice/core'
import type { Host } from './host.ts'
import type { DiskMoment, DiskTrouble } from './plan.ts'
import type { MediaRecord } from './record.ts'
import type { World } from './world.ts'

/** Syncing what a checkpoint has gathered: a good SSD's. The journal's commits are synchronous, and so count as no time. */
const SYNC_US = 5_000
/** A disk that is slow takes so many times longer: 0.5 s, as one does that is worn out or shared. */
const SLOW_FACTOR = 100
/** Of pieces that were written and not synced, a third each is there after a crash, is not, or is torn. */
const FATES = ['kept', 'lost', 'torn'] as const

/** What becomes at a crash of a piece that was not synced. */
export type Fate = typeof FATES[number]

/**
 * One host's disk. What is written can be read at once, and survives a crash
 * only if it was synced: of the rest any part may be there, in any order, or
 * half. The journal is SQLite with full sync: what is committed stays, whole.
 */
export class Disk {
  readonly #world: World
  readonly #index: number
  readonly #prng: Prng
  #trouble: DiskTrouble | undefined
  /** The host dies at the so-and-so-many-th of these moments. */
  #armed: { readonly moment: DiskMoment, left: number, readonly strike: () => void } | undefined
  /** Files of which a sync has failed: what is on the disk of them is unknown, and each later sync says so, as a staging folder does. */
  #failed = new WeakSet<MediaRecord>()
  /** Syncs of one file follow each other. */
  readonly #busyUntilUs = new Map<MediaRecord, number>()

  constructor (world: World, index: number) {
    this.#world = world
    this.#index = index
    this.#prng = Prng.fromText(`disk/${world.plan.seed}/${index}`)
  }

  get #host (): Host {
    return this.#world.hosts[this.#index] as Host
  }

  suffer (trouble: DiskTrouble | undefined): void {
    this.#trouble = trouble
  }

  /** The power fails at one of its moments: between what is done and what is said of it. */
  arm (moment: DiskMoment, nth: number, strike: () => void): void {
    this.#armed = { moment, left: nth, strike }
  }

  /** Something has just become so. What is said of it is said later. */
  passes (moment: DiskMoment): void {
    if (this.#armed?.moment !== moment || --this.#armed.left > 0) return
    const { strike } = this.#armed
    this.#armed = undefined
    this.#world.events.at(this.#world.nowUs, strike)
  }

  /** A verified piece. @returns why it cannot be kept */
  write (media: MediaRecord, piece: number): string | undefined {
    if (this.#trouble === 'full') return 'ENOSPC: no space left on device'
    media.written.set(piece)
    media.torn.clear(piece)
    this.passes('written')
    return undefined
  }

  /**
   * Make durable what is written by now.
   *
   * @param done - is told why that failed: then whatever was not synced is gone, and asking again would be answered with a lie
   */
  sync (media: MediaRecord, done: (problem: string | undefined) => void): void {
    const { nowUs } = this.#world
    const writing = [...media.written.without(media.synced)]
    const endsUs = Math.max(nowUs, this.#busyUntilUs.get(media) ?? 0) + SYNC_US * (this.#trouble === 'slow' ? SLOW_FACTOR : 1)
    this.#busyUntilUs.set(media, endsUs)
    this.passes('syncing')
    this.#world.inLife(this.#host, endsUs - nowUs, () => {
      if (this.#trouble === 'broken' || this.#failed.has(media)) {
        this.#failed.add(media)
        for (const piece of writing) if (!media.synced.has(piece)) media.written.clear(piece)
        return done('EIO: i/o error at fsync')
      }
      for (const piece of writing) media.synced.set(piece)
      this.passes('synced')
      this.#world.inLife(this.#host, 0, () => done(undefined))
    })
  }

  /** What a piece that was not synced is after a crash. */
  fate (): Fate {
    return FATES[this.#prng.below(FATES.length)] as Fate
  }

  /** The process is gone, and what it waited for with it. */
  crash (): void {
    this.#busyUntilUs.clear()
    this.#failed = new WeakSet()
    this.#armed = undefined
  }
}
