import { AssertionError } from 'chai'

/** What `promise` is rejected with; a test that goes on without an error is wrong. */
export async function rejection (promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (cause) {
    return cause as Error
  }
  throw new AssertionError('expected a rejection')
}
