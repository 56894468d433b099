import { randomBytes } from 'node:crypto'
import { defaultCrypto } from '@libp2p/noise/crypto'
import { expect } from 'chai'
import { Uint8ArrayList } from 'uint8arraylist'
import { noiseCipher } from '../src/noise-cipher.ts'

const TAG_BYTES = 16
const NO_DATA = new Uint8Array()

describe('noise cipher', () => {
  const key = randomBytes(32)
  const nonce = randomBytes(12)

  /** As it comes from the network: in parts of a segment's size. */
  function sealed (text: Uint8Array): Uint8ArrayList {
    const bytes = defaultCrypto.chaCha20Poly1305Encrypt(text, nonce, NO_DATA, key).subarray()
    const list = new Uint8ArrayList()
    for (let at = 0; at < bytes.length; at += 1_448) list.append(bytes.subarray(at, at + 1_448))
    return list
  }

  for (const size of [0, 100, 1_183, 1_184, 1_200, 65_503]) {
    it(`opens a frame of ${size} bytes`, () => {
      const text = randomBytes(size)
      const frame = sealed(text)
      // Noise hands the frame without its tag over as one buffer, too; in its handshake it does not.
      for (const joined of [frame.slice(0, size), undefined]) {
        expect(Buffer.from(noiseCipher.chaCha20Poly1305Decrypt(sealed(text), nonce, NO_DATA, key, joined).subarray()).equals(text)).to.equal(true)
      }
    })
  }

  it('gives a large frame back as one buffer', () => {
    expect(noiseCipher.chaCha20Poly1305Decrypt(sealed(randomBytes(60_000)), nonce, NO_DATA, key)).to.be.instanceOf(Uint8Array)
  })

  for (const at of [0, 30_000, 60_000 + TAG_BYTES - 1]) {
    it(`refuses a large frame with another byte ${at}`, () => {
      const frame = sealed(randomBytes(60_000))
      frame.set(at, frame.get(at) ^ 1)
      expect(() => noiseCipher.chaCha20Poly1305Decrypt(frame, nonce, NO_DATA, key)).to.throw()
    })
  }
})
