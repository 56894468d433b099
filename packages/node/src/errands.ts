import { createHash } from 'node:crypto'
import { type MediaTree, type Placed, TreeError } from '@sluice/store'
import { capabilityProblem, type ctp, Entry, isVerb, open, PIECE_BYTES, type Verb } from '@sluice/wire'
import type { Logger } from './log.ts'
import { CREDIT_BYTES, type ErrandLine } from './protocols/ctp-errand.ts'

export interface ErrandsInit {
  readonly self: string
  readonly base: string
  readonly tree: MediaTree
  /** How many are being served now. */
  readonly viewers?: (() => Promise<number>) | undefined
  readonly log: Logger
}

/** Errands under way at one time, and those of one peer: each may read a disk as fast as it can. */
const MAX_ERRANDS = 32
const MAX_ERRANDS_OF_ONE = 8
/** A page of a listing: either is far below the longest message. */
const PAGE_ENTRIES = 1_000
const PAGE_BYTES = 128 * 1024
/** What is larger goes by a job, which resumes, is receipted, and reaches every server. */
export const MAX_DEPOSIT_BYTES = 64 * 1024 * 1024
/** How often who waits for a digest is told that it is being made, in milliseconds: often enough for the timeout of an answer. */
const SIGN_OF_LIFE_MS = 1_000

/** An errand that is not done. The code is one of TreeError's, or `denied`, `busy` or `bad-request`. */
class ErrandRefused extends Error {
  override readonly name = 'ErrandRefused'
  readonly code: string

  constructor (code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Does others' errands on this server's media: each by a capability that the
 * base has signed for this peer, this server, this path and this verb.
 */
export class Errands {
  readonly #init: ErrandsInit
  readonly #underWay = new Map<string, number>()
  #total = 0

  constructor (init: ErrandsInit) {
    this.#init = init
  }

  /** One stream: one errand. Whatever goes wrong with it is told on it. */
  async serve (line: ErrandLine): Promise<void> {
    const { errand } = await line.nextRequest()
    try {
      if (errand == null) throw new ErrandRefused('bad-request', 'a media server takes errands only: commands go to the base')
      const release = this.#admit(line.peer)
      try {
        await this.#perform(line, errand, await this.#allowed(line.peer, errand))
      } finally {
        release()
      }
    } catch (error) {
      const { message } = error as Error
      const code = error instanceof TreeError || error instanceof ErrandRefused ? error.code : 'broken'
      this.#init.log.info('errand not done', { peer: line.peer, verb: errand?.verb, path: errand?.path.join('/'), code, error: message })
      await line.reply({ failed: { code, message } })
    }
  }

  #admit (peer: string): () => void {
    const own = this.#underWay.get(peer) ?? 0
    if (this.#total >= MAX_ERRANDS || own >= MAX_ERRANDS_OF_ONE) throw new ErrandRefused('busy', `${this.#total} errands are under way here, ${own} of them yours: try again when one is done`)
    this.#underWay.set(peer, own + 1)
    this.#total++
    return () => {
      this.#total--
      const left = (this.#underWay.get(peer) ?? 1) - 1
      if (left === 0) this.#underWay.delete(peer)
      else this.#underWay.set(peer, left)
    }
  }

  async #allowed (peer: string, { capability, verb, path }: ctp.Errand): Promise<Verb> {
    const { self, base } = this.#init
    if (!isVerb(verb)) throw new ErrandRefused('bad-request', `this version of the software has no verb ${JSON.stringify(verb)}`)
    const signed = await open('capability', capability, base).catch((error: Error) => { throw new ErrandRefused('denied', error.message) })
    const problem = capabilityProblem(signed.value, base, { peer, node: self, path, verb }, Date.now())
    if (problem != null) throw new ErrandRefused('denied', problem)
    return verb
  }

  async #perform (line: ErrandLine, errand: ctp.Errand, verb: Verb): Promise<void> {
    const { tree } = this.#init
    const { path, parents } = errand
    switch (verb) {
      case 'list': return await this.#list(line, errand)
      case 'stat': {
        const entry = await tree.stat(path, errand.digest, signsOfLife(line))
        await line.reply({ entry: Entry.encode(entry) })
        return await line.reply({ done: { digest: entry.digest, notApplied: [], viewers: await this.#init.viewers?.() ?? 0 } })
      }
      case 'get': return await this.#get(line, errand)
      case 'put': return await this.#put(line, errand)
      case 'mkdir': return await placed(line, await tree.mkdir(path, decoded(errand.entry).attributes, parents))
      case 'setattr': return await placed(line, await tree.setattr(path, decoded(errand.entry).attributes ?? { xattrs: [] }))
    }
  }

  async #list (line: ErrandLine, { path, recursive, digest, after }: ctp.Errand): Promise<void> {
    const found = this.#init.tree.list(path, { recursive, digests: digest, after, onHashed: signsOfLife(line) })
    try {
      let page: Uint8Array[] = []
      let bytes = 0
      for (let next = await found.next(); ; next = await found.next()) {
        if (next.done === true) return await line.reply({ listed: { entries: page, last: true, unnamed: next.value } })
        const entry = Entry.encode(next.value)
        page.push(entry)
        bytes += entry.length
        if (page.length < PAGE_ENTRIES && bytes < PAGE_BYTES) continue
        await line.reply({ listed: { entries: page, last: false, unnamed: 0 } })
        page = []
        bytes = 0
        await nextCredit(line)
      }
    } finally {
      await found.return(0)
    }
  }

  async #get (line: ErrandLine, { path, offset, length, digest }: ctp.Errand): Promise<void> {
    const media = await this.#init.tree.read(path)
    try {
      const { size } = media.entry
      if (offset > size) throw new ErrandRefused('bad-request', `/${path.join('/')} has ${size} bytes, and ${offset} is behind them`)
      const end = length == null ? size : Math.min(size, offset + length)
      await line.reply({ entry: Entry.encode(media.entry) })
      // All of it passes through here: its digest then costs no second reading.
      const passing = digest && offset === 0 && end === size ? createHash('sha256') : undefined
      let credit = 0
      for (let at = offset; at < end;) {
        while (credit === 0) credit = await nextCredit(line)
        const bytes = await media.read(at, Math.min(PIECE_BYTES, end - at, credit))
        passing?.update(bytes)
        at += bytes.length
        credit -= bytes.length
        await line.reply({ data: bytes })
      }
      const whole = passing?.digest() ?? (digest ? await media.digest(signsOfLife(line)) : new Uint8Array())
      await media.check()
      await line.reply({ done: { digest: whole, notApplied: [] } })
    } finally {
      await media.close()
    }
  }

  async #put (line: ErrandLine, { path, entry, parents }: ctp.Errand): Promise<void> {
    const announced = decoded(entry)
    if (announced.size > MAX_DEPOSIT_BYTES) throw new TreeError('too-large', path, `would have ${announced.size} bytes, and ${MAX_DEPOSIT_BYTES} are the most for a direct put: publish it with a job`)
    const deposit = await this.#init.tree.put(path, announced, parents)
    try {
      let granted = 0
      while (deposit.left > 0) {
        if (granted === 0) {
          granted = Math.min(CREDIT_BYTES, deposit.left)
          await line.reply({ more: granted })
        }
        const { data } = await line.nextRequest()
        if (data == null || data.length === 0) throw new ErrandRefused('bad-request', 'data was expected')
        if (data.length > granted) throw new ErrandRefused('bad-request', `${data.length} bytes came, and ${granted} more were allowed`)
        granted -= data.length
        await deposit.write(data)
      }
      await placed(line, await deposit.place())
    } finally {
      await deposit.close()
    }
  }
}

async function placed (line: ErrandLine, { entry, notApplied }: Placed): Promise<void> {
  await line.reply({ entry: Entry.encode(entry) })
  await line.reply({ done: { digest: entry.digest, notApplied } })
}

/** Who asked has room for more: bytes of data, or a page. */
async function nextCredit (line: ErrandLine): Promise<number> {
  const { more } = await line.nextRequest()
  if (more == null || more === 0) throw new ErrandRefused('bad-request', 'it was expected to be said how much more may come')
  return more
}

function decoded (entry: Uint8Array): Entry {
  try {
    const value = Entry.decode(entry)
    if (!Number.isSafeInteger(value.size) || value.size < 0) throw new RangeError(`size ${value.size}`)
    return value
  } catch (cause) {
    throw new ErrandRefused('bad-request', `the errand's entry cannot be read: ${(cause as Error).message}`)
  }
}

function signsOfLife (line: ErrandLine): (bytes: number) => void {
  let lastMs = performance.now()
  return bytes => {
    const nowMs = performance.now()
    if (nowMs - lastMs < SIGN_OF_LIFE_MS) return
    lastMs = nowMs
    line.mention({ hashed: bytes })
  }
}
