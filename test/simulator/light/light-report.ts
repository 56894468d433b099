import { PIECE_BYTES } from '@sluice/core'
import { discreteBoundS, fluidBoundS } from '../bounds.ts'
import { quantile, type RunReport } from '../report.ts'
import type { LightRun } from './light-run.ts'

/** What a light run came to, in the production simulator's words. Why uplinks were idle it does not know. */
export function lightReportOf ({ fleet, wires, wheel, traceHash }: LightRun): RunReport {
  const { plan: { hosts, seed }, cut, startUs } = fleet
  const nodes = hosts.length - 1
  const finished = Array.from(fleet.finishedUs.subarray(1), us => us - startUs).sort((a, b) => a - b)
  const lastS = quantile(finished, 1) / 1e6
  const input = { hosts, pieces: cut.pieces }
  const discreteS = discreteBoundS(input, cut.chunkPieces)
  const wanted = nodes * cut.pieces
  return {
    seed,
    nodes,
    ratio: lastS / fluidBoundS(input),
    discreteRatio: discreteS == null ? undefined : lastS / discreteS,
    p50S: quantile(finished, 0.5) / 1e6,
    p99S: quantile(finished, 0.99) / 1e6,
    lastS,
    sourceShare: wires.sourcePieces / cut.pieces,
    duplicateShare: fleet.duplicatePieces / wanted,
    busyShare: wires.busyUs() / (hosts.length * (wheel.nowUs - startUs)),
    idleShare: {},
    switches: fleet.switches.reduce((sum, count) => sum + count, 0),
    vainOffers: undefined,
    controlShare: wires.controlBytes / ((wanted + fleet.duplicatePieces) * PIECE_BYTES),
    delayP50Ms: undefined,
    delayP99Ms: undefined,
    delayLaterP99Ms: undefined,
    delayMaxMs: undefined,
    traceHash,
    events: wheel.count
  }
}
