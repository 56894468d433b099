import { LaneBook } from './lane-book.ts'
import { Meter } from './meter.ts'
import { reportOf } from './report.ts'
import { Simulation } from './simulation.ts'
import { standardPlan } from './standard-plan.ts'
const [,, nodes='8', mib='256', chunks='1024', extra=''] = process.argv
const plan = standardPlan({ seed: 1, nodes: Number(nodes), mib: Number(mib), mbit: 100, source: extra.includes('het') ? 200 : 100, chunks: Number(chunks), rtt: 20, rttSpread: 0, jitter: 0.05, drift: 0, stale: 0, heterogeneous: extra.includes('het'), slow: extra.includes('slow'), die: extra.includes('die'), live: extra.includes('live'), replay: 'x' })
const s = new Simulation(plan)
const lanes = new LaneBook(s.world)
s.observe(lanes)
const m = new Meter(s, lanes, 100_000)
s.observe(m)
const t = performance.now()
s.run()
console.log(JSON.stringify(reportOf(s, m)), performance.now() - t)
