import type { BookedJob } from '@sluice/node'
import { expect } from 'chai'
import { Cancellation } from '../src/cancellation.ts'
import { Desk, EPOCH } from './desk.ts'
import { rejection } from './rejection.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('Cancellation', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let job: BookedJob
  let accepted: number[]
  let cancellation: Cancellation

  beforeEach(async () => {
    desk = await Desk.open(folder())
    job = await desk.job()
    accepted = []
    cancellation = new Cancellation({ key: desk.base.key, epoch: EPOCH, jobs: desk.jobs, driver: () => desk.asDriver, onAccepted: (_job, seq) => { accepted.push(seq) } })
  })
  afterEach(() => desk.close())

  const commands = (): string[] => job.commands.map(({ signed: { value, signer } }) => {
    const what = value.put != null ? 'put' : value.cancel != null ? `cancel ${value.cancel.seq}: ${value.cancel.reason}` : value.end != null ? 'end' : 'other'
    return `${what} by the ${signer === desk.base.peer ? 'base' : 'provider'}`
  })

  it('calls off every put, and ends the job, by the base\'s signature', async () => {
    await desk.book(job, (await desk.put(job)).command)
    await desk.book(job, await desk.command(job, { mkdir: { path: ['a'] } }))
    await desk.book(job, (await desk.put(job)).command)
    expect(await cancellation.cancel(job, 'the wrong film')).to.equal(3)
    expect(commands()).to.deep.equal(['put by the provider', 'other by the provider', 'put by the provider', 'cancel 1: the wrong film by the base', 'cancel 3: the wrong film by the base', 'end by the base'])
    expect(accepted).to.deep.equal([4, 5, 6])
  })

  it('leaves out what its provider called off, and ends an empty job, too', async () => {
    await desk.book(job, (await desk.put(job)).command)
    await desk.book(job, await desk.command(job, { cancel: { seq: 1, reason: 'mine' } }))
    expect(await cancellation.cancel(job, 'ours')).to.equal(1)
    job = await desk.job()
    expect(await cancellation.cancel(job, 'ours')).to.equal(1)
    expect(commands()).to.deep.equal(['end by the base'])
  })

  it('comes behind what its provider gives meanwhile', async () => {
    await desk.book(job, (await desk.put(job)).command)
    const late = await desk.command(job, { mkdir: { path: ['a'] } })
    await Promise.all([cancellation.cancel(job, 'ours'), desk.book(job, late)])
    expect(commands()).to.have.members(['put by the provider', 'other by the provider', 'cancel 1: ours by the base', 'end by the base'])
    expect(commands().at(-1)).to.equal('end by the base')
  })

  it('is too late for a job that has ended', async () => {
    await desk.bookWhole(job)
    expect((await rejection(cancellation.cancel(job, 'ours'))).message).to.match(/has ended already/)
    expect(accepted).to.deep.equal([])
  })
})
