/** What `promise` is rejected with; that it is not is the failure. */
export async function rejection (promise: Promise<unknown>): Promise<Error> {
  return await promise.then(() => { throw new Error('it was expected to fail, and did not') }, (error: Error) => error)
}
