import { mock } from 'node:test'
import { expect } from 'chai'
import type { Host } from '../src/host.ts'
import type { BookedJob } from '../src/job-book.ts'
import { JobRouting } from '../src/job-routing.ts'
import { silent } from '../src/log.ts'

describe('job-routing', () => {
  let provided: string[]
  let routing: JobRouting

  const job = (key: string): BookedJob => ({ key, signed: { hash: new Uint8Array(32).fill(key.charCodeAt(0)), value: { id: key } } }) as unknown as BookedJob

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    provided = []
    const contentRouting = { provide: async (cid: { toString: () => string }) => { provided.push(cid.toString()) } }
    routing = new JobRouting({ contentRouting } as unknown as Host, silent)
  })
  afterEach(() => mock.timers.reset())

  it('announces a job when it has begun to flow, once', () => {
    routing.provide(job('a'))
    routing.provide(job('a'))
    mock.timers.tick(9_999)
    expect(provided).to.deep.equal([])
    mock.timers.tick(10_001)
    expect(provided).to.have.length(1)
    mock.timers.tick(60_000)
    expect(provided).to.have.length(1)
  })

  it('does not announce what is closed by then', () => {
    for (const key of ['a', 'b']) routing.provide(job(key))
    routing.forget('a')
    mock.timers.tick(20_000)
    expect(provided).to.have.length(1)
  })

  it('announces nothing any more when it has stopped', () => {
    routing.provide(job('a'))
    routing.stop()
    mock.timers.tick(20_000)
    expect(provided).to.deep.equal([])
  })
})
