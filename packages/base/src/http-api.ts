import type { AddressInfo } from 'node:net'
import { checkPath } from '@sluice/wire'
import fastify from 'fastify'
import { hasLabels, type LocatedNode, type Locator } from './locator.ts'

export interface HttpApiInit {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly locator: Pick<Locator, 'locate'>
}

export interface RunningHttpApi {
  /** Where it listens, as `http://ADDRESS:PORT`. */
  readonly url: string
  stop (): Promise<void>
}

/** The longest path, percent-encoded, and a query: nobody asks longer questions. */
const MAX_QUESTION_BYTES = 32 * 1024
/** Of our own; all others are the viewer's, and go with him. */
const OURS = ['path', 'label', 'redirect']

/**
 * The base's answers over HTTP, for anybody who can reach it:
 * `GET /api/v1/locate?path=/vod/film.mp4` names the nodes that have a file now,
 * `&label=region=eu` (repeatable) those with such labels only, and
 * `&redirect=1` sends a viewer to the least busy of them.
 *
 * @throws what hinders it from listening
 */
export async function startHttpApi ({ host, port, locator }: HttpApiInit): Promise<RunningHttpApi> {
  const app = fastify({ forceCloseConnections: true, http: { maxHeaderSize: MAX_QUESTION_BYTES } })
  app.get('/api/v1/locate', async (request, reply) => {
    const query = new URL(request.url, 'http://base').searchParams
    reply.headers({ 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    const path = (query.get('path') ?? '').split('/').filter(component => component !== '')
    try {
      if (path.length === 0) throw new Error('say which file: ?path=/vod/film.mp4')
      checkPath(path)
    } catch (error) {
      return await reply.code(400).send({ error: (error as Error).message })
    }
    const found = (await locator.locate(path)).filter(node => hasLabels(node, query.getAll('label')))
    if (query.get('redirect') !== '1') return { path: `/${path.join('/')}`, nodes: found.map(node => described(node, path, query)) }
    const [url] = found.flatMap(node => addressOf(node, path, query) ?? [])
    if (url != null) return await reply.redirect(url, 302)
    return await reply.code(404).send({ error: found.length === 0 ? 'no node that is here has it' : 'the nodes that have it have not said where their viewers go: `http.announce`' })
  })
  await app.listen({ host, port })
  const { address, family, port: bound } = app.server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    stop: async () => { await app.close() }
  }
}

function described (node: LocatedNode, path: readonly string[], query: URLSearchParams): object {
  const { labels, viewers, uploadRate, entry } = node
  const url = addressOf(node, path, query)
  return {
    peer: node.node,
    labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
    size: entry.size,
    mtimeMs: (entry.attributes?.mtimeSeconds ?? 0) * 1000 + Math.floor((entry.attributes?.mtimeNanos ?? 0) / 1_000_000),
    viewers,
    uploadRate,
    ...url == null ? {} : { url }
  }
}

/** What the viewer asked for beside, such as the signature of an address, goes with him. */
function addressOf ({ http }: LocatedNode, path: readonly string[], query: URLSearchParams): string | undefined {
  if (http == null) return undefined
  const own = new URLSearchParams([...query].filter(([name]) => !OURS.includes(name))).toString()
  return `${http}/media/${path.map(encodeURIComponent).join('/')}${own === '' ? '' : `?${own}`}`
}
