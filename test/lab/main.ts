import { randomFillSync } from 'node:crypto'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArgumentError, parseArguments, USAGE } from './arguments.ts'
import { figuresOf, receiversOf } from './figures.ts'
import { type Goodput, measureGoodput } from './goodput.ts'
import type { LabCase } from './lab-case.ts'
import { prepareMachine, UnfitError } from './needs.ts'
import { type CaseReport, renderCase, renderSummary, verdictOf } from './report.ts'
import { digest, type LabMedia, type Observation, runOnce } from './run.ts'
import { boundOf, simulatedRatio } from './simulation.ts'
import { Topology } from './topology.ts'
import { Workplace } from './workplace.ts'

const MiB = 1024 * 1024
const MBIT = 1e6
const EXIT = { complete: 0, failed: 1, usage: 2 } as const

process.exitCode = await main().catch((error: Error) => {
  if (error instanceof ArgumentError) process.stderr.write(`lab: ${error.message}\n\n${USAGE}\n`)
  else process.stderr.write(`lab: ${error instanceof UnfitError ? error.message : error.stack}\n`)
  return error instanceof ArgumentError ? EXIT.usage : EXIT.failed
})

async function main (): Promise<number> {
  const options = parseArguments(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return EXIT.complete
  }
  prepareMachine(options.cases.some(({ delayMs }) => delayMs > 0))
  const workplace = new Workplace()
  const reports: CaseReport[] = []
  for (const labCase of options.cases) {
    const report = await runCase(workplace, labCase, options.seeds)
    reports.push(report)
    process.stdout.write(`${renderCase(report)}\n`)
    // After every case: what is measured is not lost with what comes later.
    if (options.json != null) await writeFile(options.json, `${JSON.stringify(reports.map(each => ({ ...each, verdict: verdictOf(each) })), undefined, 1)}\n`)
  }
  process.stdout.write(`${renderSummary(reports)}\n`)
  return reports.every(report => verdictOf(report).holds) ? EXIT.complete : EXIT.failed
}

async function runCase (workplace: Workplace, labCase: LabCase, seeds: number): Promise<CaseReport> {
  const media = await writeMedia(join(workplace.dir, 'media.bin'), labCase.mib)
  say(`${labCase.name}: building the network`)
  const topology = await Topology.build(workplace, labCase)
  const goodput = await measureGoodput(workplace, topology)
  const boundS = boundOf(labCase, goodput)
  const seen: Observation[] = []
  const failures = [...goodput.doubts]
  for (const throttled of labCase.throttle == null ? [false] : [false, true]) {
    for (let run = 1; run <= labCase.runs; run++) {
      say(`${labCase.name}: ${throttled ? 'throttled ' : ''}run ${run} of ${labCase.runs}`)
      try {
        seen.push(await runOnce(workplace, topology, labCase, media, boundS, throttled))
      } catch (error) {
        failures.push((error as Error).message)
        say(`failed: ${(error as Error).message}`)
      }
    }
  }
  const delay = await topology.remove()
  say(`${labCase.name}: simulating`)
  return {
    labCase,
    goodput: { up: inMbit(goodput.up), down: inMbit(goodput.down) },
    boundS,
    runs: seen.map(run => figuresOf(run, media.bytes, boundS, sourceRate(labCase, goodput))),
    receivers: seen.filter(({ throttled }) => throttled).map(run => receiversOf(run, media.bytes, run.startedMs + (labCase.throttle?.at ?? 0) * boundS * 1000)),
    simulated: simulatedRatio(labCase, goodput, seeds, false),
    simulatedThrottled: labCase.throttle == null ? undefined : simulatedRatio(labCase, goodput, seeds, true),
    delay,
    failures
  }
}

function sourceRate ({ base }: LabCase, { up }: Goodput): number {
  return up.get(base.up) ?? Number.NaN
}

function inMbit (rates: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...rates].map(([wire, bytesPerS]) => [String(wire / MBIT), bytesPerS * 8 / MBIT]))
}

/** Noise: nothing on the way can make it smaller. */
async function writeMedia (path: string, mib: number): Promise<LabMedia> {
  const file = await open(path, 'w')
  const block = Buffer.alloc(MiB)
  for (let i = 0; i < mib; i++) await file.write(randomFillSync(block))
  await file.close()
  return { path, bytes: mib * MiB, sha256: await digest(path) }
}

function say (text: string): void {
  process.stderr.write(`${text}\n`)
}
