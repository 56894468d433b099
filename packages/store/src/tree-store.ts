import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RESERVED_COMPONENT, checkPath } from '@sluice/wire'
import { type AttributePolicy, MODE_AND_TIME_ONLY } from './attributes.ts'
import type { Bitmap } from './bitmap.ts'
import { LayoutPut } from './layout-put.ts'
import type { PutShape } from './put-shape.ts'
import { PutStore, prepare } from './put-store.ts'
import type { Quota } from './quota.ts'
import type { Lease } from './sequence-put.ts'
import { SPACE_MARGIN_BYTES, Space } from './space.ts'
import { StoreError, storeError, systemCode } from './store-error.ts'
import { PUBLISH, Switchover, TRASH } from './switchover.ts'
import { TreeEffects } from './tree-effects.ts'
import type { TreePut } from './tree-put.ts'

export interface TreeStoreOptions {
  /** Left free beyond what is promised to puts, in bytes. */
  readonly marginBytes?: number
  /** How much may be below the root, all together; no limit if not given. */
  readonly quota?: Quota | undefined
  /** Whether published files may be hard links to staged ones; if not they are moved, and peers are served from where they went. */
  readonly links?: boolean
  /** What is set beside mode and time; nothing if not given. */
  readonly attributes?: AttributePolicy | undefined
}

/** A node's media: staged below `<root>/.sluice/staging`, published below `<root>`. */
export class TreeStore extends PutStore<LayoutPut> {
  #links = true
  #attributes = MODE_AND_TIME_ONLY
  #effects: TreeEffects | undefined

  /**
   * @param root - the media root, which must exist: an unmounted disk must not be taken for an empty one
   * @throws {StoreError} root-missing, forbidden, read-only
   */
  static async open (root: string, { marginBytes = SPACE_MARGIN_BYTES, quota, links = true, attributes = MODE_AND_TIME_ONLY }: TreeStoreOptions = {}): Promise<TreeStore> {
    const staging = join(root, RESERVED_COMPONENT, 'staging')
    await prepare(root, staging)
    if ((await stat(root)).dev !== (await stat(staging)).dev) {
      throw new StoreError('obstructed', staging, `${staging} is on another file system than ${root}: files could not be renamed into place; make it a folder of the media root`)
    }
    const store = new TreeStore(root, staging, new Space(root, marginBytes, quota))
    store.#links = links
    store.#attributes = attributes
    return store
  }

  /** What is done to published media beside putting it there. */
  get effects (): TreeEffects {
    this.#effects ??= new TreeEffects(this.root, this.#attributes)
    return this.#effects
  }

  /**
   * Several staged puts, switched over at once: all of them or none. May be done again after a crash.
   *
   * @param label - names the switch-over, and no other one
   */
  switchOver (label: string, puts: readonly TreePut[]): Switchover {
    return new Switchover(this.root, label, puts as readonly LayoutPut[])
  }

  /**
   * Remove what a crash has left of effects that are over: all that was on its way out, and what switch-overs rested on.
   *
   * @param isOver - whether the switch-over of this label is not to be done again
   */
  async tidy (isOver: (label: string) => boolean): Promise<void> {
    const [publish, trash] = [PUBLISH, TRASH].map(name => join(this.root, RESERVED_COMPONENT, name)) as [string, string]
    try {
      for (const label of await namesIn(publish)) if (isOver(label)) await new Switchover(this.root, label, []).forget()
      for (const name of await namesIn(trash)) await rm(join(trash, name), { recursive: true, force: true })
    } catch (cause) {
      throw storeError(cause, 'remove what was left over', trash, this.root)
    }
  }

  protected override stage (shape: PutShape, written: Bitmap, lease: Lease): LayoutPut {
    checkPath(shape.destination)
    if (shape.single && shape.destination.length === 0) throw new StoreError('unsafe-path', this.root, `put ${shape.job}/${shape.seq} is a single file without a name`)
    return new LayoutPut(shape, written, lease, { links: this.#links, attributes: this.#attributes })
  }
}

async function namesIn (folder: string): Promise<string[]> {
  return await readdir(folder).catch(cause => {
    if (systemCode(cause) !== 'ENOENT') throw cause
    return []
  })
}
