import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openJournal } from '@sluice/store'
import { eventually } from '../e2e/eventually.ts'
import { endedJob, openedJob, outcomeProblems } from './job-round.ts'
import type { Round } from './round.ts'

/**
 * Media that have expired go when the server is started: wherever it is cut off,
 * in the end they are gone, and its journal has forgotten them. One of them has
 * been taken away by somebody else.
 */
export const expiryRound: Round = {
  name: 'media that expire',
  victims: ['node'],
  prepare: async ({ client, victim, at, sources }) => {
    const job = await openedJob(client)
    await job.put(join(sources, 'show'), `${at}/show`, { expires: new Date(Date.now() - 1) })
    const problems = outcomeProblems(await endedJob(job))
    if (problems.length > 0) throw new Error(problems.join('; '))
    // While it is open nothing of it goes.
    await eventually('the server knows that the job is closed', () => !existsSync(join(victim.media, '.sluice', 'staging', job.id)))
    await rm(join(victim.media, at, 'show', 'extra.txt'))
  },
  run: async ({ victim, at, revived, stopped }) => {
    const show = join(victim.media, at, 'show')
    await eventually('what has expired is gone', () => ['film.bin', 'small.txt'].every(name => !existsSync(join(show, name))))
    // Where it is to be killed it is not to be stopped before that.
    await revived().catch(() => {})
    // The row goes after the file: where this stop came in between, the next start forgets it.
    await eventually('the journal has forgotten what has expired', async () => await stopped(() => {
      const journal = openJournal(join(victim.dir, 'data', 'journal.sqlite'))
      try {
        return journal.published('', Number.MAX_SAFE_INTEGER).every(({ path }) => !`/${path}`.startsWith(`${at}/`))
      } finally {
        journal.close()
      }
    }))
    return []
  }
}
