import { createHash } from 'node:crypto'

/** SHA-256: native, friendly to CIDs and browsers, and faster than the network path. */
export const HASH_BYTES = 32

/** The SHA-256 of `parts`, one after the other. */
export function sha256 (...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function sameBytes (a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

export function toHex (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
