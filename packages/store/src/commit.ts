import { EntryType, type Entry, isAlias } from '@sluice/wire'
import { openUp, type NotApplied } from './attributes.ts'
import { eachLimited } from './each-limited.ts'
import { FilePublisher, type CommitPlan, type Item, type Target } from './file-publisher.ts'
import { FolderWalk } from './folder-walk.ts'
import { liveMedia } from './media-bytes.ts'
import { placeOf } from './published-files.ts'
import type { CommitResult } from './tree-put.ts'
import { storeError } from './store-error.ts'
import { symlinkText } from './symlink-target.ts'
import { checkWay } from './way.ts'

/** Files published at one time: enough to keep a disk's queue filled with flushes. */
const FILES_AT_ONCE = 16

/**
 * One commit: folders, files, links, then the folders' attributes. Each step
 * may find itself done already, so that a commit that was cut off can be done
 * again from the start and ends in the same tree.
 */
export class Commit {
  readonly #plan: CommitPlan
  readonly #walk: FolderWalk
  readonly #publisher: FilePublisher
  readonly #counts = new Map<EntryType, number>()

  readonly #notApplied: NotApplied

  /** @param notApplied - where the plan's attribute writer notes what it could not set */
  constructor (plan: CommitPlan, notApplied: NotApplied) {
    this.#plan = plan
    this.#notApplied = notApplied
    this.#walk = new FolderWalk(plan.folder.root)
    this.#publisher = new FilePublisher(plan)
  }

  /** @throws {StoreError} */
  async run (): Promise<CommitResult> {
    const { shape, folder } = this.#plan
    try {
      // Refuse before anything is touched.
      for (const { entry } of this.#items(EntryType.SYMLINK)) symlinkText(entry, this.#walk.pathOf(placeOf(shape, entry)))
      await this.#checkWays()
      await this.#walk.in(shape.single ? shape.destination.slice(0, -1) : shape.destination, true, async () => {})
      for (const { entry } of this.#items(EntryType.DIRECTORY)) await this.#makeFolder(entry)
      // Copies first: where links are not permitted, originals are moved away.
      for (const alias of [true, false]) {
        await eachLimited(this.#items(EntryType.FILE).filter(({ entry }) => isAlias(entry) === alias), FILES_AT_ONCE, async item => {
          await this.#place(item, async target => { await this.#publisher.file(item, target) })
        })
      }
      for (const item of this.#items(EntryType.SYMLINK)) {
        await this.#place(item, async target => { await this.#publisher.symlink(item, target) })
      }
      await this.#finishFolders()
    } catch (cause) {
      throw storeError(cause, `publish put ${shape.job}/${shape.seq}`, this.#walk.pathOf(shape.destination), folder.root)
    } finally {
      await this.#walk.close()
    }
    const count = (type: EntryType): number => this.#counts.get(type) ?? 0
    return {
      files: count(EntryType.FILE),
      directories: count(EntryType.DIRECTORY),
      links: count(EntryType.SYMLINK),
      bytes: this.#bytes(),
      notApplied: this.#notApplied.lines()
    }
  }

  /** A put that something is in the way of changes nothing. Where its own folder is not there yet, nothing can be. */
  async #checkWays (): Promise<void> {
    const { shape, entries } = this.#plan
    const missing = new Map<string, readonly string[]>()
    const parent = shape.single ? shape.destination.slice(0, -1) : shape.destination
    await checkWay(this.#walk, parent, true, missing)
    if (missing.size > 0) return
    for (const entry of entries) await checkWay(this.#walk, placeOf(shape, entry), entry.type === EntryType.DIRECTORY, missing)
  }

  async #makeFolder (entry: Entry): Promise<void> {
    const place = placeOf(this.#plan.shape, entry)
    await this.#walk.in(place, true, async ({ handle }) => { await openUp(handle) })
    this.#walk.change(place)
  }

  /** Do `work` where an entry goes. */
  async #place ({ entry }: Item, work: (target: Target) => Promise<void>): Promise<void> {
    const place = placeOf(this.#plan.shape, entry)
    const shown = this.#walk.pathOf(place)
    const name = place.pop() as string
    await this.#walk.in(place, true, async folder => {
      this.#walk.change(place)
      try {
        await work({ folder, name, shown })
      } catch (cause) {
        throw storeError(cause, 'publish', shown, this.#plan.folder.root)
      }
    })
  }

  /** Attributes and durability of every folder that changed, the deepest first: what is done in a folder changes its time. */
  async #finishFolders (): Promise<void> {
    const described = new Map<string, Entry>()
    for (const { entry } of this.#items(EntryType.DIRECTORY)) described.set(placeOf(this.#plan.shape, entry).join('/'), entry)
    const deepestFirst = [...this.#walk.changed].sort(([, a], [, b]) => b.length - a.length)
    for (const [key, components] of deepestFirst) {
      await this.#walk.in(components, false, async ({ handle }) => {
        const entry = described.get(key)
        if (entry != null) await this.#plan.attributes.folder(handle, entry.attributes, entry.path.join('/'))
        await this.#publisher.durable(handle, this.#walk.pathOf(components), 'published-folder')
      })
    }
  }

  #bytes (): number {
    const { shape, live, extents } = this.#plan
    if (live != null) return liveMedia(shape, live).bytes
    return extents.reduce((sum, { size }) => sum + size, 0)
  }

  * #items (type: EntryType): Generator<Item> {
    const { entries } = this.#plan
    let count = 0
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] as Entry
      if (entry.type !== type) continue
      yield { entry, index }
      count++
    }
    this.#counts.set(type, count)
  }
}
