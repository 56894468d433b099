import { chmod, cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job, JobClosed, Provider } from '@sluice/sdk'
import { eventually } from '../e2e/eventually.ts'
import { evidenceProblems } from './evidence.ts'
import { differences, type Ground, listed, type Round } from './round.ts'

/** A job with every kind of command, from its opening to its end. */
export const jobRound: Round = {
  name: 'a job',
  victims: ['base', 'node'],
  run: async ground => {
    const { at, model, sources, nodes } = ground
    const job = await openedJob(ground.client)
    const show = join(sources, 'show')
    await job.put(show, `${at}/show`)
    await job.mkdir(`${at}/empty`, { attributes: { mode: 0o750 } })
    await job.setAttributes(`${at}/show/small.txt`, { mode: 0o600 })
    await job.put(join(show, 'film.bin'), `${at}/doomed/film.bin`)
    await job.move(`${at}/doomed`, `${at}/moved`)
    await job.remove(`${at}/moved`, { recursive: true })
    await job.remove(`${at}/show/extra.txt`)
    const { seq } = await job.put(join(sources, 'next'), `${at}/show`, { staged: true })
    await job.publish([seq])
    await job.verify(`${at}/show`)
    const closed = await endedJob(job)
    await cp(show, join(model, 'show'), { recursive: true, preserveTimestamps: true })
    await cp(join(sources, 'next'), join(model, 'show'), { recursive: true, preserveTimestamps: true })
    await rm(join(model, 'show', 'extra.txt'))
    await chmod(join(model, 'show', 'small.txt'), 0o600)
    await mkdir(join(model, 'empty'), { mode: 0o750 })
    return [...outcomeProblems(closed), ...await evidenceProblems(ground, job.id), ...await differences(nodes, at, model), ...await stagedProblems(ground, job.id)]
  }
}

/** Open a job for all nodes, as soon as the base lets us. */
export async function openedJob (client: Provider): Promise<Job> {
  return await eventually('the base opens a job', async () => await client.openJob({ to: 'all' }).catch(() => undefined))
}

export async function endedJob (job: Job): Promise<JobClosed> {
  await job.end()
  return await job.closed()
}

/** @param wanted - how the job should have ended, at every server */
export function outcomeProblems ({ outcome, servers }: JobClosed, wanted: JobClosed['outcome'] = 'complete'): string[] {
  return outcome === wanted ? [] : [`the job is ${outcome}: ${servers.map(({ state, reason }) => `${state} ${reason ?? ''}`).join(', ')}`]
}

/** Where something is staged for a job that is over. Each hears of its end a moment after the provider. */
async function stagedProblems ({ base, nodes }: Pick<Ground, 'base' | 'nodes'>, job: string): Promise<string[]> {
  const staged = (): string[] => [join(base.dir, 'data', 'spool'), ...nodes.map(({ media }) => join(media, '.sluice', 'staging'))].filter(folder => listed(folder).includes(job))
  return await eventually('nothing is staged any more', () => staged().length === 0).then(() => [], () => staged().map(folder => `${folder} still has what was staged for ${job}`))
}

/** What a put of `show` alone leaves. */
export async function modelOfShow ({ sources, model }: Pick<Ground, 'sources' | 'model'>): Promise<void> {
  await cp(join(sources, 'show'), join(model, 'show'), { recursive: true, preserveTimestamps: true })
}
