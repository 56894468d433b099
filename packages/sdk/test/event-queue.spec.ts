import { expect } from 'chai'
import { EventQueue } from '../src/event-queue.ts'

describe('EventQueue', () => {
  async function all<T> (queue: EventQueue<T>): Promise<T[]> {
    return await Array.fromAsync(queue)
  }

  it('gives events in their order, to one who comes late too', async () => {
    const queue = new EventQueue<number>()
    for (const event of [1, 2, 3]) queue.push(event)
    queue.end()
    expect(await all(queue)).to.deep.equal([1, 2, 3])
  })

  it('wakes who waits for the next one, and for the end', async () => {
    const queue = new EventQueue<number>()
    const reading = all(queue)
    await Promise.resolve()
    queue.push(1)
    await Promise.resolve()
    queue.push(2)
    queue.end()
    expect(await reading).to.deep.equal([1, 2])
  })

  it('replaces what nobody has read by what is newer of its kind, where it stands', async () => {
    const queue = new EventQueue<string>()
    queue.push('a1', 'a')
    queue.push('other')
    queue.push('b1', 'b')
    queue.push('a2', 'a')
    queue.end()
    expect(await all(queue)).to.deep.equal(['a2', 'other', 'b1'])
  })

  it('does not replace what was read', async () => {
    const queue = new EventQueue<string>()
    const reader = queue[Symbol.asyncIterator]()
    queue.push('a1', 'a')
    expect((await reader.next()).value).to.equal('a1')
    queue.push('a2', 'a')
    queue.push('a3', 'a')
    expect((await reader.next()).value).to.equal('a3')
  })

  it('takes nothing after its end', async () => {
    const queue = new EventQueue<number>()
    queue.push(1)
    queue.end()
    queue.push(2)
    expect(await all(queue)).to.deep.equal([1])
    expect(await all(queue), 'it has ended for ever').to.deep.equal([])
  })
})
