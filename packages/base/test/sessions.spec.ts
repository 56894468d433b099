import { type BookedJob, type Notify, silent } from '@sluice/node'
import { open, Outcome, ReceiptKind, type Report, sameBytes, session, sign, type Signed } from '@sluice/wire'
import { expect } from 'chai'
import type { Answers } from '../src/answers.ts'
import { Sessions } from '../src/sessions.ts'
import type { Webhooks } from '../src/webhooks.ts'
import { Desk, EPOCH } from './desk.ts'
import { identity } from './identity.ts'
import { StubLine } from './session-line.ts'
import { temporaryFolder } from './temporary-folder.ts'

const MINUTE_MS = 60_000

describe('Sessions', () => {
  const folder = temporaryFolder()
  let desk: Desk
  let sessions: Sessions
  let opened: BookedJob[]
  let answer: (provider: string, query: session.Query) => Promise<string>
  let called: Array<{ peer: string, closed: session.Closed }>
  let isAway: boolean
  let posts: string[]
  let serving: Array<{ line: StubLine, served: Promise<void> }>

  beforeEach(async () => {
    desk = await Desk.open(folder())
    opened = []
    called = []
    serving = []
    isAway = false
    posts = []
    answer = async () => '[]'
    sessions = new Sessions({
      key: desk.base.key,
      self: desk.base.peer,
      epoch: EPOCH,
      addresses: () => ['/ip4/10.0.0.1/tcp/4001'],
      journal: desk.journal,
      jobs: desk.jobs,
      registry: desk.registry,
      answers: { answer: (provider: string, query: session.Query) => answer(provider, query) } as unknown as Answers,
      notify: () => ({
        open: async (peer: string) => {
          if (isAway) throw new Error('nobody there')
          return { tell: async ({ closed }: { closed: session.Closed }) => { called.push({ peer, closed }) }, close: async () => {} }
        }
      }) as unknown as Notify,
      webhooks: () => ({ due: (id: string) => { posts.push(`${id} due`) } }) as unknown as Webhooks,
      cancel: async (job, reason) => {
        posts.push(`${job.signed.value.id} cancelled: ${reason}`)
        return 2
      },
      log: silent,
      onOpened: job => opened.push(job)
    })
  })
  afterEach(async () => {
    for (const { line, served } of serving) {
      line.leave()
      await served
    }
    await desk.close()
  })

  function serve (request: session.SessionRequest, peer = desk.provider.peer): StubLine {
    const line = new StubLine(peer, request)
    serving.push({ line, served: sessions.serve(line.asLine) })
    return line
  }

  /** Why a request is denied. */
  async function denial (request: session.SessionRequest, peer?: string): Promise<string> {
    const [event] = await serve(request, peer).heard(1)
    expect(event).to.have.property('denied')
    return event?.denied as string
  }

  async function denialOf (...bent: Parameters<Desk['request']>): Promise<string> {
    return await denial({ open: (await desk.request(...bent)).bytes })
  }

  async function closedWith (job: BookedJob): Promise<Signed<'report'>> {
    const report = await sign('report', { job: job.signed.hash, epoch: EPOCH, outcome: Outcome.COMPLETE, closed: Date.now(), servers: [], head: 0, receipts: new Uint8Array() }, desk.base.key)
    desk.journal.setReport(job.signed.value.id, report.bytes)
    desk.journal.setJobState(job.signed.value.id, 'closed')
    return report
  }

  describe('open', () => {
    it('gives a job signed by the base, with the request in it and its servers by rank', async () => {
      const request = await desk.request({ targets: ['all'] })
      const [event] = await serve({ open: request.bytes }).heard(1)
      const { value, hash } = await open('job', event?.opened?.job as Uint8Array, desk.base.peer)
      expect(event?.opened?.head).to.equal(0)
      expect(sameBytes(event?.opened?.headHash as Uint8Array, hash)).to.equal(true)
      expect(sameBytes(value.request, request.bytes)).to.equal(true)
      expect(value.servers.map(({ peer }) => peer)).to.deep.equal(desk.nodes.map(({ peer }) => peer))
      expect(value).to.deep.include({ base: desk.base.peer, epoch: EPOCH, baseAddresses: ['/ip4/10.0.0.1/tcp/4001'] })
      expect(value.expires - value.created).to.equal(7 * 24 * 60 * MINUTE_MS)
      expect(opened.map(job => job.signed.value.id)).to.deep.equal([value.id])
      expect(desk.journal.job(value.id)?.state).to.equal('open')
    })

    it('takes the provider\'s deadline for the job\'s', async () => {
      const deadline = Date.now() + MINUTE_MS
      const [event] = await serve({ open: (await desk.request({ options: { deadline, quorum: 3 } })).bytes }).heard(1)
      expect((await open('job', event?.opened?.job as Uint8Array)).value.expires).to.equal(deadline)
    })

    it('is denied in words', async () => {
      const other = (await identity('another base')).peer
      expect(await denialOf({ base: other })).to.equal(`the request is meant for the base ${other}`)
      expect(await denialOf({ created: Date.now() - 11 * MINUTE_MS })).to.include('set the clocks right')
      expect(await denialOf({ created: Date.now() + 11 * MINUTE_MS })).to.include('set the clocks right')
      expect(await denialOf({ options: { deadline: Date.now() - 1 } })).to.equal('the deadline has passed already')
      expect(await denialOf({ options: { quorum: 4 } })).to.equal('a quorum of 4 cannot be met by 3 servers')
      expect(await denialOf({ targets: ['region=asia'] })).to.include('no node matches "region=asia"')
      expect(await denial({ open: Buffer.from('garbage') })).to.include('jobRequest cannot be opened')
      expect(await denial({})).to.equal('the request asks for nothing')
      expect(opened).to.deep.equal([])
      expect(desk.journal.jobs({ limit: 9 }), 'a denied request leaves nothing').to.deep.equal([])
    })

    it('is denied where somebody else signed the request', async () => {
      const thief = await identity('thief')
      expect(await denial({ open: (await desk.request()).bytes }, thief.peer)).to.include(`not by ${thief.peer}`)
    })

    it('is denied where the request was used before', async () => {
      const request = await desk.request()
      await serve({ open: request.bytes }).heard(1)
      const denied = await denial({ open: request.bytes })
      expect(denied).to.include('used')
      expect(opened).to.have.length(1)
    })
  })

  describe('attach', () => {
    it('takes up an open job where it is, with the receipts that came meanwhile', async () => {
      const job = await desk.job()
      const { signed } = await desk.book(job, await desk.command(job, { end: {} }))
      const receipt = await desk.receipt(job, 0, ReceiptKind.JOB_RECEIVED, 0)
      desk.record(job, receipt, Date.now())
      const [first, second] = await serve({ attach: job.signed.value.id }).heard(2)
      expect(first?.opened?.head).to.equal(1)
      expect(sameBytes(first?.opened?.headHash as Uint8Array, signed.hash)).to.equal(true)
      expect(sameBytes(first?.opened?.job as Uint8Array, job.signed.bytes)).to.equal(true)
      expect(sameBytes(second?.notice?.receipt as Uint8Array, receipt.bytes)).to.equal(true)
    })

    it('finds the final notice of a closed job, also when nobody remembers it any more', async () => {
      const job = await desk.job()
      const receipt = await desk.receipt(job, 0, ReceiptKind.JOB_RECEIVED, 0)
      desk.record(job, receipt, 1)
      const report = await closedWith(job)
      for (let times = 0; times < 2; times++) {
        const [event] = await serve({ attach: job.signed.value.id }).heard(1)
        expect(sameBytes(event?.closed?.report as Uint8Array, report.bytes)).to.equal(true)
        expect(sameBytes(event?.closed?.job as Uint8Array, job.signed.bytes)).to.equal(true)
        expect(event?.closed?.receipts).to.have.length(1)
        desk.jobs.close(job.key)
      }
    })

    it('is denied for a job that is another\'s, or none', async () => {
      const foreign = await desk.job({ provider: await identity('another provider') })
      expect(await denial({ attach: foreign.signed.value.id })).to.include('is another provider\'s')
      expect(await denial({ attach: 'jnone' })).to.equal('there is no job jnone')
    })
  })

  describe('a job\'s events', () => {
    it('go to all who are in session about it, and to nobody else', async () => {
      const job = await desk.job()
      const other = await desk.job({ created: Date.now() + 1 })
      const lines = [serve({ attach: job.signed.value.id }), serve({ attach: job.signed.value.id })]
      const elsewhere = serve({ attach: other.signed.value.id })
      for (const line of [...lines, elsewhere]) await line.heard(1)
      await new Promise(resolve => setImmediate(resolve))
      sessions.tell(job.key, { notice: { receipt: Buffer.from('a receipt') } })
      for (const line of lines) expect((await line.heard(2))[1]?.notice?.receipt).to.deep.equal(Buffer.from('a receipt'))
      expect(elsewhere.told).to.have.length(1)
    })

    it('do not go to one who left', async () => {
      const job = await desk.job()
      const line = serve({ attach: job.signed.value.id })
      await line.heard(1)
      line.leave()
      await serving[0]?.served
      sessions.tell(job.key, { notice: { receipt: Buffer.from('a receipt') } })
      expect(line.told).to.have.length(1)
    })
  })

  describe('the final notice', () => {
    let job: BookedJob
    let report: Signed<'report'> & { value: Report }
    beforeEach(async () => {
      job = await desk.job()
    })

    async function close (): Promise<void> {
      report = await closedWith(job)
      await sessions.closed(job)
    }

    it('goes to those in session, and nobody is called', async () => {
      const line = serve({ attach: job.signed.value.id })
      await line.heard(1)
      await new Promise(resolve => setImmediate(resolve))
      await close()
      expect(sameBytes((await line.heard(2))[1]?.closed?.report as Uint8Array, report.bytes)).to.equal(true)
      expect(called).to.deep.equal([])
    })

    it('goes by a call where nobody is in session', async () => {
      await close()
      expect(called.map(({ peer }) => peer)).to.deep.equal([desk.provider.peer])
      expect(sameBytes(called[0]?.closed.report as Uint8Array, report.bytes)).to.equal(true)
    })

    it('goes by a call where the session broke unnoticed', async () => {
      const line = serve({ attach: job.signed.value.id })
      await line.heard(1)
      await new Promise(resolve => setImmediate(resolve))
      line.broken = true
      await close()
      expect(called).to.have.length(1)
    })

    it('waits for a provider that is away, and is told it once when it is back', async () => {
      const { id } = job.signed.value
      desk.journal.addNotice({ job: id, provider: desk.provider.peer, url: '', nextAt: 0 })
      isAway = true
      await close()
      expect(posts).to.deep.equal([`${id} due`])
      await sessions.returned(desk.provider.peer)
      expect(desk.journal.noticesFor(desk.provider.peer, 9), 'it is still away').to.have.length(1)
      isAway = false
      await sessions.returned('another provider')
      expect(called).to.deep.equal([])
      await sessions.returned(desk.provider.peer)
      await sessions.returned(desk.provider.peer)
      expect(called).to.have.length(1)
      expect(sameBytes(called[0]?.closed.report as Uint8Array, report.bytes)).to.equal(true)
    })

    it('is posted as the signed report, and as a summary', async () => {
      await close()
      const { signedReport, signedJob, ...summary } = JSON.parse(await sessions.webhookBody(job.signed.value.id)) as { signedReport: string, signedJob: string }
      expect(sameBytes(Buffer.from(signedReport, 'base64'), report.bytes)).to.equal(true)
      expect(sameBytes(Buffer.from(signedJob, 'base64'), job.signed.bytes)).to.equal(true)
      expect(summary).to.deep.include({ type: 'job.closed', job: job.signed.value.id, closed: report.value.closed })
    })

    it('waits to be asked for where the provider is away', async () => {
      isAway = true
      await close()
      expect((await serve({ attach: job.signed.value.id }).heard(1))[0]).to.have.property('closed')
    })
  })

  describe('a wish', () => {
    it('that a job be called off is granted to its provider, and to no other', async () => {
      const job = await desk.job()
      const { id } = job.signed.value
      const cancel = { job: id, reason: 'the wrong film' }
      const granted = (await serve({ cancel }).heard(1))[0]?.answer as session.Answer
      expect(JSON.parse(Buffer.from(granted.json).toString())).to.deep.equal({ job: id, commands: 2 })
      expect((await serve({ cancel }, (await identity('another provider')).peer).heard(1))[0]?.denied).to.match(/another provider's/)
      desk.jobs.close(job.key)
      expect((await serve({ cancel }).heard(1))[0]?.denied).to.match(/closed already/)
      expect(posts).to.deep.equal([`${id} cancelled: the wrong film`])
    })

    it('for a webhook that is none is denied, before there is a job', async () => {
      for (const [webhook, reason] of [['nonsense', /no URL/], ['file:///etc/passwd', /neither https nor http/], ['https://me:secret@host/', /name or password/], [`https://host/${'x'.repeat(2_000)}`, /characters long/]] as const) {
        const { bytes } = await desk.request({ options: { webhook } })
        expect((await serve({ open: bytes }).heard(1))[0]?.denied).to.match(reason)
      }
      expect(opened).to.deep.equal([])
    })
  })

  describe('questions', () => {
    const query = { kind: session.QueryKind.JOBS, job: '' }

    it('are answered in parts, whatever their length', async () => {
      for (const length of [0, 10, 4 * 1024 * 1024, 9 * 1024 * 1024]) {
        answer = async () => 'ä'.repeat(length / 2)
        const line = serve({ query })
        await serving.at(-1)?.served
        const parts = line.told.map(({ answer: part }) => part as session.Answer)
        expect(Buffer.concat(parts.map(({ json }) => json)).toString()).to.equal('ä'.repeat(length / 2))
        expect(parts.map(({ last }) => last)).to.deep.equal(parts.map((_part, index) => index === parts.length - 1))
        expect(parts).to.have.length(Math.max(1, Math.ceil(length / (4 * 1024 * 1024))))
      }
    })

    it('are asked in the name of the one who asks', async () => {
      answer = async (provider, { job }) => `${provider} asks about ${job}`
      const line = serve({ query: { ...query, job: 'j1' } })
      expect(Buffer.from((await line.heard(1))[0]?.answer?.json as Uint8Array).toString()).to.equal(`${desk.provider.peer} asks about j1`)
    })

    it('that cannot be answered are refused with the reason', async () => {
      answer = async () => { throw new Error('there is no job j1 of yours') }
      expect((await serve({ query }).heard(1))[0]?.answer).to.deep.include({ last: true, refused: 'there is no job j1 of yours' })
    })
  })
})
