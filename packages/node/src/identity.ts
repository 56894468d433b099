import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'

const FILE = 'identity.key'

/** A key file that cannot be read, written or understood. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
}

/**
 * A peer's Ed25519 identity: `<dataDir>/identity.key`, readable by its owner
 * only; made if it is not there.
 *
 * @throws {IdentityError}
 */
export async function loadIdentity (dataDir: string): Promise<PrivateKey> {
  const path = join(dataDir, FILE)
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw new IdentityError(`cannot read ${path}: ${(cause as Error).message}`, { cause })
    return await createIdentity(dataDir, path)
  }
  try {
    return privateKeyFromProtobuf(bytes)
  } catch (cause) {
    throw new IdentityError(`${path} holds no key: restore it from a backup, or remove it to get a new identity (which must be enrolled again)`, { cause })
  }
}

async function createIdentity (dataDir: string, path: string): Promise<PrivateKey> {
  const key = await generateKeyPair('Ed25519')
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    // Written whole under another name first: whoever finds the key finds all of it, and a link is made by one process only.
    const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(privateKeyToProtobuf(key))
      await file.sync()
      await link(draft, path)
    } finally {
      await file.close()
      await unlink(draft)
    }
  } catch (cause) {
    // Another process was faster, and has a key there by now. A link that leads nowhere never has.
    const bytes = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? await readFile(path).catch(() => undefined) : undefined
    if (bytes != null) return privateKeyFromProtobuf(bytes)
    throw new IdentityError(`cannot write ${path}: ${(cause as Error).message}`, { cause })
  }
  return key
}
