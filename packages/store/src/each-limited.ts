/**
 * Run `work` on every item, at most `limit` at a time, in order of starting.
 * After the first failure nothing more is started, and it is thrown once all
 * that was started has ended.
 */
export async function eachLimited<T> (items: Iterable<T>, limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  let failed = false
  const line = async (): Promise<void> => {
    for (let next = iterator.next(); !failed && next.done !== true; next = iterator.next()) {
      try {
        await work(next.value)
      } catch (cause) {
        failed = true
        throw cause
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: limit }, line))
  const failure = results.find(result => result.status === 'rejected')
  if (failure != null) throw failure.reason
}
