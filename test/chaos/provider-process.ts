import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createProvider, type Job, type JobQueue } from '@sluice/sdk'
import { localOf, type Step } from './script.ts'

/**
 * A provider's program: it gives the commands of a list in their order, tells
 * what happens in lines of JSON, and waits for the end. Killed and started
 * again with its job's id it goes on where it was. Arguments: data folder, the
 * base's address, the list, the folder of what is put, the job's id if there is one.
 */
const [dataDir = '', base = '', list = '', folder = '', id] = process.argv.slice(2)
const say = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }

process.on('disconnect', () => process.exit(1))
try {
  await run(JSON.parse(await readFile(list, 'utf8')) as Step[])
  process.exit(0)
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`)
  process.exit(1)
}

async function run (steps: readonly Step[]): Promise<void> {
  const provider = await createProvider({ dataDir, base })
  const queue = id == null ? undefined : await provider.queue(id)
  const job = id == null ? await provider.openJob({ to: 'all', name: 'chaos' }) : await provider.attach(id)
  const watching = (async () => { for await (const event of job.events()) say(event) })()
  const uploads: Array<Promise<unknown>> = []
  for (const [index, step] of steps.entries()) {
    const seq = index + 1
    const upload = seq <= (queue?.head ?? 0) ? resume(job, queue as JobQueue, step, seq) : give(job, step, seq)
    const done = upload.done.then(() => { if (step.kind === 'put') say({ type: 'put.done', seq }) })
    done.catch(() => {})
    uploads.push(done)
    // What is put goes up while the next command is given; every other command is accepted before.
    await Promise.race([upload.accepted, done])
  }
  await Promise.all(uploads)
  if (queue?.ended !== true) await job.end()
  await job.closed()
  await watching
  await provider.stop()
}

interface Given {
  readonly accepted: Promise<void>
  readonly done: Promise<unknown>
}

function give (job: Job, step: Step, seq: number): Given {
  const accepted = Promise.withResolvers<void>()
  const done = step.kind === 'put'
    ? job.put(localOf(folder, step, seq), step.path, { staged: step.staged, onAccepted: () => accepted.resolve() })
    : command(job, step)
  done.catch(() => {})
  return { accepted: accepted.promise, done }
}

function resume (job: Job, { puts }: JobQueue, step: Step, seq: number): Given {
  const queued = puts.find(put => put.seq === seq)
  const done = queued == null || step.kind !== 'put' ? Promise.resolve() : job.resume(queued, localOf(folder, step, seq))
  done.catch(() => {})
  return { accepted: Promise.resolve(), done }
}

function command (job: Job, step: Exclude<Step, { kind: 'put' }>): Promise<number> {
  switch (step.kind) {
    case 'mkdir': return job.mkdir(step.path)
    case 'setattr': return job.setAttributes(step.path, { mode: step.mode })
    case 'move': return job.move(step.path, step.to)
    case 'remove': return job.remove(step.path, { recursive: true })
    case 'publish': return job.publish(step.puts)
    case 'verify': return job.verify(step.path)
    case 'barrier': return job.barrier()
  }
}
