import { expect } from 'chai'
import { LoneNode } from './lone-node.ts'
import { rejection } from './rejection.ts'

describe('job book', () => {
  let node: LoneNode

  beforeEach(async () => { node = await LoneNode.open() })
  afterEach(() => {
    node.stop()
    node.remove()
  })

  it('takes no command that is not the provider\'s, but an end of the base', async () => {
    const job = await node.book()
    const { signed } = node
    const put = await signed.command({ end: {} }, { signer: signed.node })
    expect((await rejection(node.jobs.checkCommand(job, put.bytes))).message).to.include('who is not its provider')
    signed.seq = 0
    signed.head = signed.job.hash
    const end = await signed.command({ end: {} }, { signer: signed.base })
    expect(await node.jobs.addCommand(job, end.bytes, await signed.acceptance(end))).not.to.equal(undefined)
  })
})
