import { randomBytes } from 'node:crypto'
import { loadIdentity } from '@sluice/node'
import { Role, sign } from '@sluice/wire'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'

/** Enough that no two invitations are ever alike, in bytes. */
const NONCE_BYTES = 16

/**
 * Make a token that enrols one peer, once. It is signed with the base's key and
 * needs no running base; the base notes its use when the peer comes with it.
 */
export async function createInvitation (dataDir: string, { role, labels, expiresMs }: { role: 'node' | 'provider', labels: Readonly<Record<string, string>>, expiresMs: number }): Promise<string> {
  const key = await loadIdentity(dataDir)
  const { bytes } = await sign('invitation', {
    base: peerIdFromPrivateKey(key).toString(),
    role: role === 'node' ? Role.NODE : Role.PROVIDER,
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
    nonce: randomBytes(NONCE_BYTES),
    expires: Date.now() + expiresMs,
    epoch: 0
  }, key)
  return Buffer.from(bytes).toString('base64url')
}
