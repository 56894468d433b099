import { type MediaTree, TreeError } from '@sluice/store'
import { EntryType, type Entry } from '@sluice/wire'
import { MediumError } from './medium.ts'

/** An index is for people: what is more is for `sluice ls`. */
export const MAX_LISTED = 10_000

export interface ListedFolder {
  readonly entries: Entry[]
  /** Whether there are more than are listed. */
  readonly cut: boolean
}

/** What is in a folder; undefined if it is none. */
export async function listFolder (tree: MediaTree, path: readonly string[]): Promise<ListedFolder | undefined> {
  const entries: Entry[] = []
  try {
    for await (const entry of tree.list(path, { recursive: false, digests: false, after: [], onHashed: () => {} })) {
      if (entries.length === MAX_LISTED) return { entries, cut: true }
      entries.push(entry)
    }
    return { entries, cut: false }
  } catch (error) {
    if (error instanceof TreeError && ['not-found', 'not-a-folder', 'link', 'not-a-file', 'bad-path'].includes(error.code)) return undefined
    if (error instanceof TreeError && error.code === 'forbidden') throw new MediumError(403, error.message)
    throw error
  }
}

/** A page that works without a script, and in a terminal. */
export function folderPage (path: readonly string[], { entries, cut }: ListedFolder): string {
  const title = `/${path.join('/')}`
  const rows = entries.map(({ path: [name = ''], type, size, attributes }) => {
    const slash = type === EntryType.DIRECTORY ? '/' : ''
    const time = attributes?.mtimeSeconds == null ? '' : new Date(attributes.mtimeSeconds * 1000).toISOString().replace('.000Z', 'Z')
    // A name with a colon would be read as a scheme; the validator has none.
    return `<tr><td><a href="./${encodeURIComponent(name)}${slash}">${escaped(name)}${slash}</a></td><td>${type === EntryType.FILE ? size : ''}</td><td>${time}</td></tr>`
  })
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>`,
    `<body><h1>${escaped(title)}</h1>`,
    '<table><thead><tr><th scope="col">name</th><th scope="col">bytes</th><th scope="col">modified</th></tr></thead><tbody>',
    ...path.length === 0 ? [] : ['<tr><td><a href="../">../</a></td><td></td><td></td></tr>'],
    ...rows,
    '</tbody></table>',
    ...cut ? [`<p>Only the first ${MAX_LISTED} are listed.</p>`] : [],
    '</body></html>',
    ''
  ].join('\n')
}

function escaped (text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
