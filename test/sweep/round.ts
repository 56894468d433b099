import { readdirSync } from 'node:fs'
import type { Provider } from '@sluice/sdk'
import { readTree } from '../e2e/media-tree.ts'
import type { ProcessPlace } from '../e2e/process-fleet.ts'

export type Victim = 'base' | 'node'

/** What a round has to do with. */
export interface Ground {
  readonly client: Provider
  readonly base: ProcessPlace
  readonly nodes: readonly ProcessPlace[]
  /** The process that may be killed. */
  readonly victim: ProcessPlace
  /** Folder with `show` (a film and two small files) and `next` (another film). */
  readonly sources: string
  /** Folder of its own for each round, such as `/round-3`; and a local one for what is expected. */
  readonly at: string
  readonly model: string
  /** Resolves when the victim was killed and is ready again; rejects if nobody was to kill it, or it did not happen. */
  revived (): Promise<void>
  /** Do something while the victim's process is stopped, and start it again. It is not killed any more after that. */
  stopped<T> (work: () => T): Promise<T>
}

/**
 * Something that is done with a fleet, in which a process may be killed at any
 * moment: what comes of it must be the same. Each passes boundaries that others
 * do not.
 */
export interface Round {
  readonly name: string
  readonly victims: readonly Victim[]
  /** What has to be there before. Nobody is killed while it is done; the victim is started anew after it. */
  prepare? (ground: Ground): Promise<void>
  /** @returns what is wrong with what came of it */
  run (ground: Ground): Promise<string[]>
}

/** A tree without the times of its folders: they tell when something in them was moved. */
export async function shownIn (root: string): Promise<string[]> {
  return (await readTree(root)).map(line => line.replace(/ \d+ folder$/, ' folder'))
}

/** Where these servers do not show what is expected. */
export async function differences (places: readonly ProcessPlace[], at: string, model: string): Promise<string[]> {
  const wanted = await shownIn(model)
  const problems: string[] = []
  for (const { name, media } of places) {
    const there = await shownIn(`${media}${at}`).catch((error: Error) => [error.message])
    if (there.join() !== wanted.join()) problems.push(`${name} shows ${there.join(' | ')} instead of ${wanted.join(' | ')}`)
  }
  return problems
}

/** What is in a folder, if it is there. */
export function listed (folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
