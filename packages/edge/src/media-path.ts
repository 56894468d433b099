import { checkPath, PathError } from '@sluice/wire'
import { MediumError } from './medium.ts'

/**
 * The path that an address names, checked by the one validator. Each component is
 * decoded by itself, so that an encoded separator stays within its component, and
 * is refused there.
 *
 * @param raw - what stands behind `/media/` in the request line, still encoded
 * @throws {MediumError} 400
 */
export function mediaPath (raw: string): string[] {
  const text = raw.endsWith('/') ? raw.slice(0, -1) : raw
  if (text === '') return []
  try {
    const path = text.split('/').map(decodeURIComponent)
    checkPath(path)
    return path
  } catch (error) {
    if (error instanceof URIError) throw new MediumError(400, 'is not encoded as UTF-8 in percent signs')
    if (error instanceof PathError) throw new MediumError(400, error.message)
    throw error
  }
}
