import { join } from 'node:path'
import { evidenceProblems } from './evidence.ts'
import { endedJob, modelOfShow, openedJob, outcomeProblems } from './job-round.ts'
import { differences, type Round } from './round.ts'

/**
 * A publish that cannot be: a file that is to hold another one is found only
 * when that one is placed, after the film has been replaced. The film that was
 * there before has to be there again, and every server says why.
 */
export const undoneRound: Round = {
  name: 'a publish that is undone',
  victims: ['node'],
  run: async ground => {
    const { at, sources, nodes } = ground
    const job = await openedJob(ground.client)
    const show = join(sources, 'show')
    await job.put(show, `${at}/show`)
    const staged: number[] = []
    for (const [local, path] of [[join(sources, 'next'), 'show'], [join(show, 'small.txt'), 'show/new'], [join(show, 'extra.txt'), 'show/new/below']] as const) {
      staged.push((await job.put(local, `${at}/${path}`, { staged: true })).seq)
    }
    await job.publish(staged)
    const closed = await endedJob(job)
    await modelOfShow(ground)
    const misled = closed.servers.filter(({ reason }) => !/show\/new is a file where a folder must be/.test(reason ?? ''))
    return [
      ...outcomeProblems(closed, 'failed'),
      ...misled.map(({ peer, reason }) => `${peer} says of the publish that was undone: ${reason ?? 'nothing'}`),
      ...await evidenceProblems(ground, job.id),
      ...await differences(nodes, at, ground.model)
    ]
  }
}
