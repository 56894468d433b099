import type { Bitmap } from './bitmap.ts'
import type { PutShape } from './put-shape.ts'
import { PutStore, prepare } from './put-store.ts'
import { SequencePut, type Lease } from './sequence-put.ts'
import { SPACE_MARGIN_BYTES, Space } from './space.ts'

/** The base's spool: it passes bytes on and publishes nothing, so a put is one sparse file. */
export class FlatStore extends PutStore<SequencePut> {
  /**
   * @param root - the spool's folder, which must exist
   * @throws {StoreError} root-missing, forbidden, read-only
   */
  static async open (root: string, { marginBytes = SPACE_MARGIN_BYTES }: { marginBytes?: number } = {}): Promise<FlatStore> {
    await prepare(root, root)
    return new FlatStore(root, root, new Space(root, marginBytes))
  }

  protected override stage (shape: PutShape, written: Bitmap, lease: Lease): SequencePut {
    return new SequencePut(shape, written, lease)
  }
}
