import { spawn } from 'node:child_process'
import type { FileHandle } from 'node:fs/promises'
import type { ExtendedAttribute } from '@sluice/wire'

/** The only namespace that is for anybody; the others are the system's. */
const NAMESPACE = 'user.'

/**
 * Set one extended attribute of an open file or folder, by the program
 * `setfattr`: Node has no call for it. The program is given the open file
 * itself and no path, so that nobody can put another one in its place.
 *
 * @returns whether it was set; it is not where the program, or the file system's support, is missing
 */
export async function setXattr (handle: FileHandle, { name, value }: ExtendedAttribute): Promise<boolean> {
  if (!name.startsWith(NAMESPACE)) return false
  const args = ['--name', name, '--value', `0s${Buffer.from(value).toString('base64')}`, '--', '/proc/self/fd/3']
  return await new Promise(resolve => {
    const child = spawn('setfattr', args, { stdio: ['ignore', 'ignore', 'ignore', handle.fd] })
    child.on('error', () => resolve(false))
    child.on('close', code => resolve(code === 0))
  })
}
