import { setTimeout as delay } from 'node:timers/promises'

/** Far beyond what anything here takes on a busy machine: it ends a test that would wait for ever, and measures nothing. */
const PATIENCE_MS = 45_000
const LOOK_AGAIN_MS = 25

/**
 * Wait until `look` finds something.
 *
 * @param what - the sentence to fail with, if it never does
 */
export async function eventually<T> (what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found != null && found !== false) return found
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await delay(LOOK_AGAIN_MS)
  }
}

/** What `promise` is rejected with; that it is not is the failure. */
export async function rejectionOf (promise: Promise<unknown>): Promise<Error> {
  return await promise.then(() => { throw new Error('it was expected to fail, and did not') }, (error: Error) => error)
}
