import { chmod, cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { eventually } from '../e2e/eventually.ts'
import { differences, type Round, shownIn } from './round.ts'

/** One errand, and what it makes of the model. */
interface Errand {
  readonly what: string
  readonly ask: () => Promise<unknown>
  readonly make: () => Promise<void>
}

/**
 * Errands on one server, directly. One that was cut off is not there at all, or
 * whole, and succeeds when it is asked for again; what was there before is whole
 * all the time.
 */
export const errandRound: Round = {
  name: 'errands',
  victims: ['node'],
  prepare: async ({ client, victim, at, model, sources }) => {
    // So that it is the replacement of a file that is cut off first.
    await client.media(victim.peer).put(join(sources, 'show', 'film.bin'), `${at}/film.bin`, { parents: true })
    await copied(join(sources, 'show', 'film.bin'), join(model, 'film.bin'))
  },
  run: async ground => {
    const { client, victim, at, model, sources } = ground
    const media = client.media(victim.peer)
    const next = join(sources, 'next', 'film.bin')
    const errands: Errand[] = [
      { what: 'a replacement', ask: async () => await media.put(next, `${at}/film.bin`), make: async () => { await copied(next, join(model, 'film.bin')) } },
      { what: 'a file in new folders', ask: async () => await media.put(next, `${at}/deep/er/film.bin`, { parents: true }), make: async () => { await copied(next, join(model, 'deep', 'er', 'film.bin')) } },
      { what: 'a folder', ask: async () => await media.mkdir(`${at}/empty`, { mode: 0o750, parents: true }), make: async () => { await mkdir(join(model, 'empty'), { mode: 0o750 }) } },
      { what: 'other attributes', ask: async () => await media.setattr(`${at}/film.bin`, { mode: 0o600 }), make: async () => { await chmod(join(model, 'film.bin'), 0o600) } }
    ]
    const problems: string[] = []
    for (const { what, ask, make } of errands) {
      const before = await shownIn(model)
      const failure = await ask().then(() => undefined, (error: Error) => error)
      await make()
      if (failure == null) continue
      await ground.revived().catch(() => { throw failure })
      const there = files(await shownIn(`${victim.media}${at}`))
      const either = [before, await shownIn(model)].map(lines => files(lines).join())
      if (!either.includes(there.join())) problems.push(`${what} was cut off, and ${there.join(' | ')} is neither what was before nor what was to be`)
      await eventually(`${what}, asked for again`, async () => await ask().then(() => true, () => false))
    }
    return [...problems, ...await differences([victim], at, model)]
  }
}

async function copied (from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { preserveTimestamps: true })
}

/** Folders come before what is in them, and their attributes after them: only files are whole or not there at all. */
function files (lines: readonly string[]): string[] {
  return lines.filter(line => !line.endsWith(' folder'))
}
