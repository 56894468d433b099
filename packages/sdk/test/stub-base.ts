import type { Ctp, CtpLine } from '@sluice/node'
import { type ctp, open, sameBytes, sign, type Signed } from '@sluice/wire'
import type { SyntheticJob } from './synthetic-job.ts'

/** One ctp stream as the base has it: what came, in order, and what it says to it. */
export class StubCtpLine {
  readonly reply: (reply: ctp.CtpReply) => void
  /** The base ends the stream, or it breaks. */
  readonly end: (error?: Error) => void
  readonly commands: Array<Signed<'command'>> = []
  readonly pages: Array<Signed<'page'>> = []
  readonly pieces: Array<{ readonly piece: number, readonly bytes: Uint8Array, readonly pages: number }> = []
  isClosed = false
  aborted: Error | undefined
  readonly #base: StubBase

  constructor (base: StubBase, reply: (reply: ctp.CtpReply) => void, end: (error?: Error) => void) {
    this.#base = base
    this.reply = reply
    this.end = end
  }

  get pieceBytes (): number {
    return this.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  async send ({ command, page, resume }: ctp.CtpRequest): Promise<void> {
    this.#check()
    if (command != null) {
      this.commands.push(await open('command', command.command))
      await this.#base.onCommand(this)
    }
    if (resume != null) this.#base.onResume(this)
    if (page != null) this.pages.push(await open('page', page))
    // A put without a piece is complete with its page.
    if (this.pages.at(-1)?.value.final?.pieces === 0) await this.#base.onPiece(this)
  }

  async piece (piece: number, bytes: Uint8Array): Promise<void> {
    this.#check()
    this.pieces.push({ piece, bytes, pages: this.pages.length })
    await this.#base.onPiece(this)
  }

  async close (): Promise<void> {
    this.isClosed = true
  }

  abort (error: Error): void {
    this.aborted ??= error
  }

  #check (): void {
    if (this.aborted != null || this.isClosed) throw new Error('the stream is closed')
  }
}

/** What a provider meets at the other end of `ctp`: accepts the next command of a chain, and seals when it has all; a test bends it. */
export class StubBase {
  readonly lines: StubCtpLine[] = []
  readonly commands: Array<Signed<'command'>> = []
  readonly #job: SyntheticJob

  constructor (job: SyntheticJob) {
    this.#job = job
  }

  get ctp (): Ctp {
    return {
      open: async (_base: string, onReply: (reply: ctp.CtpReply) => void, onEnd: (error?: Error) => void): Promise<CtpLine> => {
        const line = new StubCtpLine(this, onReply, onEnd)
        this.lines.push(line)
        return line as unknown as CtpLine
      }
    } as unknown as Ctp
  }

  onCommand: (line: StubCtpLine) => Promise<void> = async line => {
    const command = line.commands.at(-1) as Signed<'command'>
    const { seq, previous } = command.value
    const head = this.commands.at(-1)?.hash ?? this.#job.job.hash
    if (seq !== this.commands.length + 1 || !sameBytes(previous, head)) return line.reply({ refused: `command ${seq} does not follow` })
    this.commands.push(command)
    line.reply({ accepted: await this.acceptance(command) })
  }

  onPiece: (line: StubCtpLine) => Promise<void> = async line => {
    const final = line.pages.at(-1)?.value.final
    if (final == null || line.pieces.length < final.pieces) return
    this.durable(line)
    line.reply({ sealed: await this.seal(line.pages.at(-1) as Signed<'page'>) })
  }

  /** A provider comes back: nothing of what it sent was kept. */
  onResume: (line: StubCtpLine) => void = line => line.reply({ durable: { ranges: [], pages: 0 } })

  /** All that came is on the disk. */
  durable (line: StubCtpLine, end = line.pieces.length): void {
    line.reply({ durable: { ranges: [{ first: 0, end }], pages: line.pages.length } })
  }

  async acceptance (command: Signed<'command'>): Promise<Uint8Array> {
    const { seq } = command.value
    return (await sign('acceptance', { job: this.#job.job.hash, seq, command: command.hash, epoch: 1, accepted: 1 }, this.#job.base.key)).bytes
  }

  async seal (page: Signed<'page'>): Promise<Uint8Array> {
    const { seq, final } = page.value
    return (await sign('seal', { job: this.#job.job.hash, seq, page: page.hash, root: final?.root ?? new Uint8Array(), epoch: 1 }, this.#job.base.key)).bytes
  }
}
