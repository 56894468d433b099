import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { sha256 } from '@sluice/wire'

export interface Identity {
  readonly key: PrivateKey
  readonly peer: string
}

/** The same identity for the same name, always. */
export async function identity (name: string): Promise<Identity> {
  const key = await generateKeyPairFromSeed('Ed25519', sha256(Buffer.from(name)))
  return { key, peer: peerIdFromPublicKey(key.publicKey).toString() }
}
