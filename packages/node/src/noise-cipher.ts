import { createDecipheriv } from 'node:crypto'
import type { ICryptoInterface } from '@libp2p/noise'
import { defaultCrypto } from '@libp2p/noise/crypto'

const ALGORITHM = 'chacha20-poly1305'
const TAG_BYTES = 16
/** Below this, libp2p's implementation in WebAssembly is faster than a call of OpenSSL's. */
const SMALL_BYTES = 1_200

/**
 * Libp2p's own cryptography, but large frames are opened in one go: it gives
 * OpenSSL each TCP segment of a frame by itself, and passes on as many parts.
 */
export const noiseCipher: ICryptoInterface = {
  ...defaultCrypto,
  chaCha20Poly1305Decrypt (ciphertext, nonce, ad, key, joined) {
    // A frame in one buffer shares it with `joined`, and with the next read of its socket: the plaintext must not.
    if (ciphertext.byteLength < SMALL_BYTES) return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, ciphertext instanceof Uint8Array ? undefined : joined)
    const textBytes = ciphertext.byteLength - TAG_BYTES
    // Noise has joined the frame's parts already, in a buffer for the plaintext.
    const text = joined?.byteLength === textBytes ? joined : ciphertext.subarray(0, textBytes)
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(ad, { plaintextLength: textBytes })
    decipher.setAuthTag(ciphertext.subarray(textBytes))
    const plain = decipher.update(text)
    // A stream cipher keeps nothing back; this is where the tag is compared.
    decipher.final()
    return plain
  }
}
