/** A mistake that somebody could make, as a change of compiled text: in the core, or in what the interpreter does with the disk. */
export interface Bug {
  readonly name: string
  /** Below packages/core/dist/src; or below test/simulator, with that in front. */
  readonly file: string
  /** Must be there exactly once. */
  readonly from: string
  readonly to: string
  /** The first random plan that showed it when somebody looked last: tried first. Any other will do as well. */
  readonly seed: number
  /** Looked for in plans with crashes and troubles of disks without limit. */
  readonly plans?: 'safety' | undefined
}

/** Short texts, so that they survive changes around them. */
export const BUGS: readonly Bug[] = [
  { name: 'a chunk goes on one piece too far', file: 'requester.js', from: 'media.resumePoint(chunk) - media.firstPiece(chunk),', to: '(at => at > 0 ? at + 1 : 0)(media.resumePoint(chunk) - media.firstPiece(chunk)),', seed: 1 },
  { name: 'a chunk goes on one piece too early', file: 'requester.js', from: 'media.resumePoint(chunk) - media.firstPiece(chunk),', to: 'Math.max(0, media.resumePoint(chunk) - media.firstPiece(chunk) - 1),', seed: 1 },
  { name: 'some haves are forgotten', file: 'swarm-media.js', from: 'this.news.held.push(chunk);', to: 'if (chunk % 5 !== 4) this.news.held.push(chunk);', seed: 3 },
  { name: 'a window of ten times its time', file: 'limits.js', from: 'WINDOW_MS = 130;', to: 'WINDOW_MS = 1300;', seed: 4 },
  { name: 'ranges are lost with whom they were given to', file: 'handover.js', from: 'this.#pending.add(ranges);', to: '', seed: 204 },
  { name: 'who does not come back keeps his ranges', file: 'handover.js', from: 'child.lostMs ??= nowMs;', to: ';', seed: 41 },
  { name: 'a request that is given up stays counted', file: 'swarm-media.js', from: '(this.#asked.get(request.peer) ?? 0) - 1', to: '(this.#asked.get(request.peer) ?? 0) - (this.have.has(chunk) ? 1 : 0)', seed: 8 },
  { name: 'a fresh chunk is bound twice', file: 'fresh-chunks.js', from: 'this.#unspread.set(chunk,', to: 'if (chunk % 7 === 3) this.#waiting.push(chunk); this.#unspread.set(chunk,', seed: 4 },
  { name: 'ranges are given away and kept', file: 'ranges.js', from: 'this.#ranges = kept;', to: '', seed: 15 },
  { name: 'a put is complete before its last piece', file: 'swarm-media.js', from: 'this.pieces.count + this.gone.count >= this.#pieceCount', to: 'this.pieces.count >= this.#pieceCount - 1', seed: 1 },
  { name: 'a silent source is waited for', file: 'requester.js', from: '>= patience)', to: '>= Infinity)', seed: 8 },
  { name: 'a switch without a cancel', file: 'requester.js', from: 'effects.push(cancel(job, media, peer, chunk));', to: '', seed: 8 },
  { name: 'the configured cap is ignored', file: 'uplink.js', from: 'return this.#maxRate === 0 ? room :', to: 'return true ? room :', seed: 7 },
  { name: 'a quarantine has no end', file: 'limits.js', from: 'QUARANTINE_MS = 5_000;', to: 'QUARANTINE_MS = Infinity;', seed: 967 },
  { name: 'a begun chunk is asked of one who has begun it, too', file: 'swarm-media.js', from: ' && !this.pieces.has(this.firstPiece(chunk))', to: '', seed: 21 },
  { name: 'acknowledgements count twice', file: 'uplink.js', from: 'this.#inFlight -= counted;', to: 'this.#inFlight -= 2 * counted;', seed: 1 },
  { name: 'what was in flight to a lost peer stays counted', file: 'uplink.js', from: 'this.#inFlight -= lane.inFlight;', to: '', seed: 13 },
  { name: 'what only a dead peer held is not given again', file: 'fresh-chunks.js', from: '    lost(peer) {', to: '    lost(peer) { return;', seed: 25 },
  { name: 'effects of a track overtake each other', file: 'command-queue.js', from: ' && !waiting.meets(tracks) && this.#needsMet(', to: ' && this.#needsMet(', seed: 2 },
  { name: 'commands run behind one that failed', file: 'command-queue.js', from: 'if (culprit != null)', to: 'if (false)', seed: 5 },
  { name: 'a job is complete before it is handed on', file: 'peer.js', from: ' && job.handover.settled(job.queue.head)', to: '', seed: 11 },
  { name: 'a source without news stays exhausted', file: 'swarm-media.js', from: 'this.exhausted.delete(peer);', to: ';', seed: 1 },
  { name: 'a returning peer is offered no lane', file: 'job-swarm.js', from: 'this.#outbound.delete(peer);', to: '', seed: 3 },
  { name: 'what was durable is fetched again', file: 'peer.js', from: 'media.addPiece(piece, 0, undefined);', to: '', seed: 3 },
  { name: 'wrong pieces are forgiven', file: 'peer.js', from: "type: 'ban', peer: input.from", to: "type: 'provide', job: input.job", seed: 5 },
  { name: 'a job is closed when everybody has heard of it', file: 'ledger.js', from: 'row.completedMs != null || row.givenUp != null', to: 'row.receivedMs != null', seed: 1 },
  { name: 'bytes are accepted before they are synced', file: 'simulator/intake.js', from: 'const pieces = media.pieces.toBytes();', to: 'const pieces = media.pieces.toBytes(); if (host.index === 0) this.onAccepted(record.info.id, seq, pieces);', seed: 1, plans: 'safety' },
  { name: 'a bitmap is committed before the bytes it names', file: 'simulator/intake.js', from: 'const pieces = media.pieces.toBytes();', to: 'const pieces = media.durable = media.pieces.toBytes();', seed: 7, plans: 'safety' },
  { name: 'a receipt before its put is durable', file: 'simulator/interpreter.js', from: 'return publish(EXECUTE_US);', to: 'return publish(EXECUTE_US); if (media.problem == null) return publish(0);', seed: 1, plans: 'safety' },
  { name: 'an outcome is told before it is committed', file: 'simulator/interpreter.js', from: 'record.outcomes.set(seq, outcome);', to: 'this.#world.inLife(host, 5_000, () => record.outcomes.set(seq, outcome));', seed: 1, plans: 'safety' },
  { name: 'a receipt is acknowledged before it is committed', file: 'simulator/office.js', from: 'this.#record(id, host.name, receipt);', to: 'this.#world.inLife(base, 20_000, () => this.#record(id, host.name, receipt));', seed: 10, plans: 'safety' },
  { name: 'a receipt is sent before it is durable', file: 'simulator/faults.js', from: 'host.disk.crash();', to: 'host.disk.crash(); for (const record of host.jobs.values()) if (record.receipts.length > record.acknowledged) record.receipts.pop();', seed: 10, plans: 'safety' },
  { name: 'a command of a lower sequence is accepted', file: 'simulator/intake.js', from: 'command.seq === record.commands.length + 1', to: 'command.seq <= record.commands.length + 1', seed: 1, plans: 'safety' },
  { name: 'a failed sync is taken for a good one', file: 'simulator/disk.js', from: "return done('EIO: i/o error at fsync');", to: 'return done(undefined);', seed: 19, plans: 'safety' },
  { name: 'a full disk is not noticed', file: 'simulator/intake.js', from: 'const problem = host.disk.write(media, piece);', to: 'const problem = (host.disk.write(media, piece), undefined);', seed: 23, plans: 'safety' },
  { name: 'live pieces are pushed to everybody', file: 'passing-on.js', from: 'of job.pushedTo(first)', to: 'of [...job.partners()].filter(peer => job.serves(peer)).map(peer => ({ peer, behind: 0 }))', seed: 1 },
  { name: 'what a disk could not keep is served', file: 'swarm.js', from: 'media.disowned || !job', to: '!job', seed: 99, plans: 'safety' }
]
