import { type BookedJob, silent, type Status } from '@sluice/node'
import { open, RepairResult, sha256, sign, type status } from '@sluice/wire'
import { expect } from 'chai'
import { RepairOrders } from '../src/repair-orders.ts'
import { Desk, EPOCH } from './desk.ts'
import type { Identity } from './identity.ts'
import { temporaryFolder } from './temporary-folder.ts'

describe('RepairOrders', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let job: BookedJob
  let answer: (peer: string, order: Uint8Array) => Promise<Partial<status.StatusReply>>
  let orders: RepairOrders

  beforeEach(async () => {
    desk = await Desk.open(folder())
    job = await desk.job()
    const query = async (peer: string, { repair }: status.StatusRequest): Promise<status.StatusReply> => ({ known: true, head: 0, commands: [], refused: '', ...await answer(peer, repair as Uint8Array) })
    orders = new RepairOrders({ key: desk.base.key, self: desk.base.peer, epoch: EPOCH, journal: desk.journal, log: silent, status: () => ({ query }) as unknown as Status })
  })
  afterEach(() => desk.close())

  const peer = (rank: number): string => desk.nodes[rank]?.peer as string

  async function outcome (rank: number, order: Uint8Array, { hash, result = RepairResult.REPAIR_DONE }: { hash?: Uint8Array, result?: RepairResult } = {}): Promise<Uint8Array> {
    const opened = await open('repairOrder', order, desk.base.peer)
    return (await sign('repairOutcome', { node: peer(rank), order: hash ?? opened.hash, result, detail: 'so it was', finished: 1 }, (desk.nodes[rank] as Identity).key)).bytes
  }

  it('go out signed for one node, and keep what it signed', async () => {
    answer = async (at, order) => {
      expect((await open('repairOrder', order, desk.base.peer)).value).to.deep.include({ node: at, base: desk.base.peer, epoch: EPOCH })
      return { outcome: await outcome(0, order, { result: RepairResult.REPAIR_FAILED }) }
    }
    const repaired = { peer: peer(0), action: 'reverify', result: 'failed', detail: 'so it was' }
    expect(await orders.order(job, peer(0), 'reverify')).to.deep.equal(repaired)
    expect(await orders.past(job)).to.deep.equal([repaired])
  })

  for (const { name, bend } of [
    { name: 'another node signed', bend: async (order: Uint8Array) => ({ outcome: await outcome(1, order) }) },
    { name: 'is of another order', bend: async (order: Uint8Array) => ({ outcome: await outcome(0, order, { hash: sha256() }) }) },
    { name: 'is missing', bend: async () => ({ refused: 'I do not want to' }) },
    { name: 'never comes', bend: async () => { throw new Error('timeout') } }
  ] as ReadonlyArray<{ name: string, bend: (order: Uint8Array) => Promise<Partial<status.StatusReply>> }>) {
    it(`take an outcome for silence that ${name}`, async () => {
      answer = async (_at, order) => await bend(order)
      expect((await orders.order(job, peer(0), 'activate')).result).to.equal('silent')
      expect(await orders.past(job), 'what went out is remembered all the same').to.deep.equal([{ peer: peer(0), action: 'activate', result: 'silent', detail: 'nobody answered it before the base was restarted' }])
    })
  }
})
