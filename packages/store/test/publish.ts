import type { CommitResult, TreeStore } from '../src/index.ts'
import type { Sequence } from './build-sequence.ts'

/** Bring a whole put in and commit it. */
export async function publish (store: TreeStore, { shape, pieces }: Sequence): Promise<CommitResult> {
  const put = await store.open(shape)
  for (const [piece, bytes] of pieces.entries()) await put.write(piece, bytes)
  return await put.commit()
}
