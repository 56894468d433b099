import { link, lstat, mkdir, readFile, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EntryType, RESERVED_COMPONENT, type Entry } from '@sluice/wire'
import { NotApplied, openUp } from './attributes.ts'
import { eachLimited } from './each-limited.ts'
import { across } from './failpoint.ts'
import { FilePublisher, type CommitPlan } from './file-publisher.ts'
import { FolderWalk } from './folder-walk.ts'
import type { LayoutPut } from './layout-put.ts'
import { liveMedia } from './media-bytes.ts'
import { placeOf } from './published-files.ts'
import { syncFolder } from './staging-folder.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'
import type { CommitResult } from './tree-put.ts'
import { checkWay } from './way.ts'
import { writeWhole } from './write-whole.ts'

/** Files prepared at one time, as in a commit. */
const FILES_AT_ONCE = 16
/** Folders of ours: a folder for each switch-over that is not over, and what is on its way out. */
export const PUBLISH = 'publish'
export const TRASH = 'trash'
/** Its presence says that everything is prepared: from then on the switch-over goes forward. It lists the folders that were not there before. */
const READY = 'ready.json'
/** Its presence says that the switch-over goes back: a crash in the midst of that must not make it go forward again. */
const UNDO = 'undo'

interface Step {
  readonly plan: CommitPlan
  readonly entry: Entry
  readonly index: number
  /** Where it goes, as components below the media root. */
  readonly place: readonly string[]
  /** Its prepared file, and what was there before it, in our own folder. */
  readonly prepared: string
  readonly before: string
}

/**
 * Staged puts, shown together: each file is made whole and durable in a folder
 * of our own first, then all are renamed into place in the order of the puts.
 * If something is in the way nothing has changed; a crash in the midst of the
 * renames is made good by doing the rest of them; an error there undoes them.
 */
export class Switchover {
  readonly #root: string
  readonly #label: string
  readonly #folder: string
  readonly #puts: readonly LayoutPut[]
  readonly #walk: FolderWalk
  readonly #notApplied = new NotApplied()

  constructor (root: string, label: string, puts: readonly LayoutPut[]) {
    this.#root = root
    this.#label = label
    this.#folder = join(root, RESERVED_COMPONENT, PUBLISH, label)
    this.#puts = puts
    this.#walk = new FolderWalk(root)
  }

  /** @throws {StoreError} having changed nothing that viewers see */
  async run (): Promise<CommitResult> {
    try {
      const plans: CommitPlan[] = []
      for (const put of this.#puts) plans.push(await put.plan(this.#notApplied))
      const steps = this.#steps(plans)
      await this.#finishUndo(steps)
      const made = await this.#ready() ?? await this.#prepare(plans, steps)
      try {
        await this.#switch(plans, steps)
      } catch (cause) {
        await this.#undo(steps, made)
        throw cause
      }
      const count = (type: EntryType): number => steps.filter(({ entry }) => entry.type === type).length
      return { files: count(EntryType.FILE), directories: count(EntryType.DIRECTORY), links: count(EntryType.SYMLINK), bytes: steps.reduce((sum, { plan, entry }) => sum + (plan.live == null ? entry.size : liveMedia(plan.shape, plan.live).bytes), 0), notApplied: this.#notApplied.lines() }
    } catch (cause) {
      throw storeError(cause, 'publish', this.#folder, this.#root)
    } finally {
      await this.#walk.close()
    }
  }

  /** Its outcome is journalled: what it needed to go forward or back is needed no more. */
  async forget (): Promise<void> {
    await across('switchover-forgotten', async () => { await this.#leave() })
    await rm(this.#away, { recursive: true, force: true })
  }

  get #away (): string {
    return join(this.#root, RESERVED_COMPONENT, TRASH, `publish-${this.#label}`)
  }

  /** All that it rested on goes at once, durably: what half of it says to whoever finds it after a crash is wrong. */
  async #leave (): Promise<void> {
    await mkdir(dirname(this.#away), { recursive: true, mode: 0o700 })
    await rm(this.#away, { recursive: true, force: true })
    await rename(this.#folder, this.#away).catch(ignoreMissing)
    await syncFolder(dirname(this.#folder))
  }

  #steps (plans: readonly CommitPlan[]): Step[] {
    const files = new Map<string, string>()
    const folders = new Map<string, string>()
    return plans.flatMap((plan, number) => plan.entries.map((entry, index) => {
      const place = placeOf(plan.shape, entry)
      const [key, put] = [place.join('/'), `put ${plan.shape.seq}`]
      const isFolder = entry.type === EntryType.DIRECTORY
      const other = files.get(key) ?? (isFolder ? undefined : folders.get(key))
      if (other != null) throw new StoreError('obstructed', `/${key}`, `${other} and ${put} both bring /${key}: publish one after the other`)
      if (isFolder) folders.set(key, put)
      else files.set(key, put)
      const name = `${number}-${index}`
      return { plan, entry, index, place, prepared: join(this.#folder, name), before: join(this.#folder, `${name}-before`) }
    }))
  }

  /** Folders that were not there before, if all was prepared by an attempt that was cut off. */
  async #ready (): Promise<Array<readonly string[]> | undefined> {
    const text = await readFile(join(this.#folder, READY), 'utf8').catch(ignoreMissing)
    return text == null ? undefined : JSON.parse(text) as string[][]
  }

  async #prepare (plans: readonly CommitPlan[], steps: readonly Step[]): Promise<Array<readonly string[]>> {
    await rm(this.#folder, { recursive: true, force: true })
    const made = new Map<string, readonly string[]>()
    for (const { entry, place } of steps) await checkWay(this.#walk, place, entry.type === EntryType.DIRECTORY, made)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const publishers = new Map(plans.map(plan => [plan, new FilePublisher(plan)]))
    await eachLimited(steps.filter(({ entry }) => entry.type !== EntryType.DIRECTORY), FILES_AT_ONCE, async ({ plan, entry, index, place, prepared }) => {
      await publishers.get(plan)?.prepare({ entry, index }, prepared, this.#walk.pathOf(place))
    })
    const folders = [...made.values()]
    await across('switchover-ready', async () => { await writeWhole(join(this.#folder, READY), JSON.stringify(folders)) })
    for (const folder of [this.#folder, dirname(this.#folder), dirname(dirname(this.#folder))]) await across('switchover-folder', async () => { await syncFolder(folder) })
    return folders
  }

  async #switch (plans: readonly CommitPlan[], steps: readonly Step[]): Promise<void> {
    for (const { entry, place } of steps) {
      if (entry.type === EntryType.DIRECTORY) await this.#walk.in(place, true, async ({ handle }) => { await openUp(handle) })
    }
    for (const step of steps) if (step.entry.type !== EntryType.DIRECTORY) await this.#replace(step)
    // The deepest first: what is done in a folder changes its time.
    const folders = steps.filter(({ entry }) => entry.type === EntryType.DIRECTORY).toSorted((a, b) => b.place.length - a.place.length)
    for (const { plan, entry, place } of folders) {
      await this.#walk.in(place, false, async ({ handle }) => {
        await plan.attributes.folder(handle, entry.attributes, place.join('/'))
      })
      this.#walk.change(place)
    }
    const publisher = new FilePublisher(plans[0] as CommitPlan)
    for (const place of this.#walk.changed.values()) await this.#walk.in(place, false, async ({ handle }) => { await publisher.durable(handle, this.#walk.pathOf(place), 'switchover-shown') })
  }

  async #replace ({ place, prepared, before }: Step): Promise<void> {
    const name = place[place.length - 1] as string
    const parent = place.slice(0, -1)
    await this.#walk.in(parent, true, async folder => {
      this.#walk.change(parent)
      if (await lstat(prepared).catch(ignoreMissing) == null) return
      await across('switchover-kept', async () => {
        await link(folder.at(name), before).catch(cause => {
          if (systemCode(cause) !== 'ENOENT' && systemCode(cause) !== 'EEXIST') throw cause
        })
      })
      await across('switchover-name', async () => { await rename(prepared, folder.at(name)) })
      // Two names of one file, where it was published before: a rename of one to the other does nothing.
      await unlink(prepared).catch(ignoreMissing)
    })
  }

  /** An undoing that a crash cut off is brought to its end; what was to be shown can then be prepared anew. */
  async #finishUndo (steps: readonly Step[]): Promise<void> {
    if (await lstat(join(this.#folder, UNDO)).catch(ignoreMissing) != null) await this.#undo(steps, await this.#ready() ?? [])
  }

  /** Everything as it was before. What cannot be undone is left; the error that led here is told. May be done again after a crash. */
  async #undo (steps: readonly Step[], made: ReadonlyArray<readonly string[]>): Promise<void> {
    await across('switchover-undo', async () => {
      await writeWhole(join(this.#folder, UNDO), '')
      await syncFolder(this.#folder)
    })
    for (const { entry, place, prepared, before } of steps.toReversed()) {
      if (entry.type === EntryType.DIRECTORY || await lstat(prepared).catch(ignoreMissing) != null) continue
      const name = place[place.length - 1] as string
      await this.#walk.in(place.slice(0, -1), false, async folder => {
        if (await lstat(before).catch(ignoreMissing) == null) await unlink(folder.at(name)).catch(ignoreMissing)
        else {
          // By a second name, so that the first one still tells what was here if this is cut off.
          const back = `${before}-back`
          await unlink(back).catch(ignoreMissing)
          await link(before, back)
          await across('switchover-undone', async () => { await rename(back, folder.at(name)) })
        }
        await across('switchover-undone-folder', async () => { await folder.handle.sync() })
      }).catch(() => {})
    }
    for (const place of made.toReversed()) await this.#walk.in(place.slice(0, -1), false, async folder => { await rmdir(folder.at(place.at(-1) as string)) }).catch(() => {})
    await across('switchover-undo-forgotten', async () => { await this.#leave() })
    await rm(this.#away, { recursive: true, force: true })
  }
}

function ignoreMissing (cause: unknown): undefined {
  if (systemCode(cause) !== 'ENOENT') throw cause
}
