import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { Peer } from '@sluice/core'
import { Intake } from '@sluice/node'

/**
 * Preloaded into a real node (`node --import`): counts what the program itself
 * keeps no account of, at two seams that its packages export. It changes
 * nothing that passes through, and writes its account where the process ends.
 */
export interface ProbeAccount {
  /** Of media, whatever came. */
  readonly arrivedBytes: number
  /** … of pieces that had come before. */
  readonly duplicateBytes: number
  readonly requests: number
  /** A chunk asked of somebody after it was asked of another. */
  readonly switches: readonly ProbeSwitch[]
}

export interface ProbeSwitch {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly chunk: number
  readonly from: string
  readonly to: string
  /** The piece of the chunk to go on with. */
  readonly offset: number
  /** Bytes of this chunk that came twice. */
  duplicateBytes: number
}

const seen = new Map<string, Set<number>>()
const asked = new Map<string, string>()
const switches: ProbeSwitch[] = []
const byChunk = new Map<string, ProbeSwitch>()
const chunkPieces = new Map<string, number>()
let arrivedBytes = 0
let duplicateBytes = 0
let requests = 0

const { storePiece } = Intake.prototype
Intake.prototype.storePiece = function (from, job, seq, piece, bytes) {
  const put = `${job}/${seq}`
  let pieces = seen.get(put)
  if (pieces == null) seen.set(put, pieces = new Set())
  arrivedBytes += bytes.length
  if (pieces.has(piece)) {
    duplicateBytes += bytes.length
    const switched = byChunk.get(`${put}/${Math.floor(piece / (chunkPieces.get(put) ?? 1))}`)
    if (switched != null) switched.duplicateBytes += bytes.length
  }
  pieces.add(piece)
  return storePiece.call(this, from, job, seq, piece, bytes)
}

const { handle } = Peer.prototype
Peer.prototype.handle = function (input, nowMs) {
  if (input.type === 'commandAdded' && input.command.body.kind === 'put') chunkPieces.set(`${input.job}/${input.command.seq}`, input.command.body.chunkPieces)
  const effects = handle.call(this, input, nowMs)
  for (const effect of effects) {
    if (effect.type !== 'send' || effect.message.type !== 'request') continue
    const { job, seq, chunk, offset } = effect.message
    const key = `${job}/${seq}/${chunk}`
    const before = asked.get(key)
    asked.set(key, effect.to)
    requests++
    if (before == null || before === effect.to) continue
    const switched = { atMs: nowMs, chunk, from: before, to: effect.to, offset, duplicateBytes: 0 }
    switches.push(switched)
    byChunk.set(key, switched)
  }
  return effects
}

process.on('exit', () => {
  const account: ProbeAccount = { arrivedBytes, duplicateBytes, requests, switches }
  writeFileSync(process.env.SLUICE_LAB_PROBE ?? '/dev/null', JSON.stringify(account))
})
