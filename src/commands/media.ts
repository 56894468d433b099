import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { AttributeValues, MediaEntry, MediaFiles, PlacedMedia } from '@sluice/sdk'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../failure.ts'
import { count, formatBytes } from '../format.ts'
import { entryLine, formatMode, parseMode, parseTime } from '../media-text.ts'
import type { AddCommand } from '../program.ts'
import { withProvider } from '../provider-session.ts'
import { parsePlace, type RemotePlace, resolveNode } from '../remote-place.ts'
import { stopSignal } from '../stop-signal.ts'
import { createTransferView, type TransferView } from '../transfer-view.ts'

interface Options {
  config: string
  json?: boolean
}

const PLACE = 'NODE:/path, where NODE is a peer id, its last characters, or the node\'s label `name`'

/** The commands of CTP: one node's media, directly. */
export const addMedia: AddCommand = (root, finish) => {
  const add = (name: string, description: string): Command => root.command(name).description(description)
    .option('-c, --config <file>', 'the provider\'s configuration', 'sluice.yaml')
    .option('--json', 'print JSON lines')

  add('ls', 'list a folder on a node')
    .argument('<node:/path>', PLACE)
    .option('-r, --recursive', 'with all that is below it')
    .option('--digest', 'with the SHA-256 of each file')
    .action((place: string, options: Options & { recursive?: boolean, digest?: boolean }) => finish(list(parsePlace(place), options)))
  add('stat', 'show one file or folder on a node')
    .argument('<node:/path>', PLACE)
    .option('--digest', 'with its SHA-256; of a folder one for all that is in it')
    .action((place: string, options: Options & { digest?: boolean }) => finish(run(place, options, async (media, path, signal) => { say(options, await media.stat(path, { digest: options.digest === true, signal })) })))
  add('get', 'fetch a file from a node, verified; one that was cut off is gone on with')
    .argument('<node:/path>', PLACE)
    .argument('[local]', 'where to (default: its own name, here)')
    .action((place: string, local: string | undefined, options: Options) => finish(get(parsePlace(place), local, options)))
  add('put', 'put one file on a node, directly (to all nodes, with receipts: `sluice publish`)')
    .argument('<local>', 'the file')
    .argument('<node:/path>', `${PLACE}; with a slash at its end, a folder to put it in`)
    .option('-p, --parents', 'make the folders on the way')
    .option('--mode <octal>', 'its permissions there (default: as here)')
    .action((local: string, place: string, options: Options & { parents?: boolean, mode?: string }) => finish(put(local, parsePlace(place), options)))
  add('mkdir', 'make a folder on a node')
    .argument('<node:/path>', PLACE)
    .option('-p, --parents', 'make those on the way, too, and do not mind if it is there')
    .option('--mode <octal>', 'its permissions (default: 755)')
    .action((place: string, options: Options & { parents?: boolean, mode?: string }) => {
      const mode = parseMode(options.mode)
      return finish(run(place, options, async (media, path, signal) => { sayPlaced(options, await media.mkdir(path, { parents: options.parents === true, signal, ...mode == null ? {} : { mode } })) }))
    })
  add('setattr', 'change attributes of a file or folder on a node')
    .argument('<node:/path>', PLACE)
    .option('--mode <octal>', 'permissions')
    .option('--mtime <time>', 'time of modification: 2026-01-31T12:00:00Z, or seconds since 1970')
    .option('--owner <name>', 'owner, where the node allows it')
    .option('--group <name>', 'group, where the node allows it')
    .action((place: string, options: Options & { mode?: string, mtime?: string, owner?: string, group?: string }) => {
      const change: AttributeValues = { mode: parseMode(options.mode), mtime: parseTime(options.mtime), owner: options.owner, group: options.group }
      if (Object.values(change).every(value => value == null)) throw new UsageError('nothing is to be changed; name --mode, --mtime, --owner or --group')
      return finish(run(place, options, async (media, path, signal) => { sayPlaced(options, await media.setattr(path, change, { signal })) }))
    })
}

async function run (place: string | RemotePlace, { config }: Options, work: (media: MediaFiles, path: string, signal: AbortSignal) => Promise<void>): Promise<number> {
  const { node, path } = typeof place === 'string' ? parsePlace(place) : place
  const stop = stopSignal()
  try {
    await withProvider(config, stop, async provider => await work(provider.media(await resolveNode(node, () => provider.nodes())), path, stop))
    return EXIT.complete
  } catch (error) {
    if (!stop.aborted) throw error
    process.stderr.write('sluice: stopped\n')
    return EXIT.interrupted
  }
}

async function list (place: RemotePlace, options: Options & { recursive?: boolean, digest?: boolean }): Promise<number> {
  return await run(place, options, async (media, path, signal) => {
    const found = media.list(path, { recursive: options.recursive === true, digests: options.digest === true, signal })
    for (;;) {
      const next = await found.next()
      if (next.done !== true) say(options, next.value)
      else {
        if (next.value > 0) process.stderr.write(`sluice: ${count(next.value, 'item')} there cannot be named by a path and ${next.value === 1 ? 'is' : 'are'} not shown\n`)
        return
      }
    }
  })
}

async function get (place: RemotePlace, local: string | undefined, options: Options): Promise<number> {
  const name = basename(place.path)
  if (name === '') throw new UsageError('get fetches one file, and this is the media root')
  const isFolder = local != null && await stat(local).then(found => found.isDirectory(), () => false)
  const target = local == null ? name : isFolder ? join(local, name) : local
  return await transfer(place, options, name, async (media, path, signal, view) => {
    const { bytes, resumed, digest } = await media.get(path, target, { signal, onProgress: view.show })
    view.stop()
    if (options.json === true) process.stdout.write(`${JSON.stringify({ type: 'got', local: target, bytes, resumed, digest })}\n`)
    else process.stdout.write(`${target}: ${formatBytes(bytes)}${resumed > 0 ? `, ${formatBytes(resumed)} of them from an earlier try` : ''}, sha256 ${digest}\n`)
  })
}

async function put (local: string, place: RemotePlace, options: Options & { parents?: boolean, mode?: string }): Promise<number> {
  const mode = parseMode(options.mode)
  const path = place.isFolder ? `${place.path}${basename(local)}` : place.path
  return await transfer({ ...place, path }, options, basename(local), async (media, to, signal, view) => {
    const placed = await media.put(local, to, { parents: options.parents === true, signal, onProgress: view.show, ...mode == null ? {} : { mode } })
    view.stop()
    sayPlaced(options, placed)
  })
}

async function transfer (place: RemotePlace, options: Options, name: string, work: (media: MediaFiles, path: string, signal: AbortSignal, view: TransferView) => Promise<void>): Promise<number> {
  const view = createTransferView(name, options.json === true)
  try {
    return await run(place, options, async (media, path, signal) => await work(media, path, signal, view))
  } finally {
    view.stop()
  }
}

function say ({ json }: Options, entry: MediaEntry): void {
  process.stdout.write(`${json === true ? JSON.stringify({ ...entry, mode: formatMode(entry.mode) }) : entryLine(entry)}\n`)
}

function sayPlaced (options: Options, { entry, notApplied }: PlacedMedia): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify({ type: 'placed', entry: { ...entry, mode: formatMode(entry.mode) }, notApplied })}\n`)
  else {
    say(options, entry)
    for (const line of notApplied) process.stderr.write(`sluice: not applied there: ${line}\n`)
  }
}
