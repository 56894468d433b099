import { open, rename } from 'node:fs/promises'
import { across } from './failpoint.ts'

/** Write a small file so that it is there whole, or not at all. Its folder's entry is the caller's to make durable. */
export async function writeWhole (path: string, text: string): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await across('whole-file', async () => { await handle.sync() })
  } finally {
    await handle.close()
  }
  await across('whole-file-name', async () => { await rename(`${path}.new`, path) })
}
