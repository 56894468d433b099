import { readFile } from 'node:fs/promises'

/** The highest id that chown() takes; the one above means unchanged. */
const MAX_ID = 2 ** 32 - 2
const NUMBER = /^\d{1,10}$/

/** The number of a user of this machine, by name or number; undefined if there is none. */
export async function userId (name: string): Promise<number | undefined> {
  return await idOf(name, '/etc/passwd')
}

/** The number of a group of this machine, by name or number; undefined if there is none. */
export async function groupId (name: string): Promise<number | undefined> {
  return await idOf(name, '/etc/group')
}

/** Only the local files are asked: what a directory service says may be minutes away. */
async function idOf (name: string, file: string): Promise<number | undefined> {
  if (NUMBER.test(name)) return Number(name) <= MAX_ID ? Number(name) : undefined
  const text = await readFile(file, 'utf8').catch(() => '')
  const line = text.split('\n').find(entry => entry.startsWith(`${name}:`))
  const id = Number(line?.split(':')[2] ?? NaN)
  return Number.isInteger(id) ? id : undefined
}
