import type { AddressInfo } from 'node:net'
import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import type { MediaTree } from '@sluice/store'
import fastify, { type FastifyInstance } from 'fastify'
import { ArrivingMedia, type ArrivingFiles, type Wanted } from './arriving-media.ts'
import { capConnections } from './connection-caps.ts'
import { EdgeMetrics, type Rot } from './edge-metrics.ts'
import { folderPage, listFolder } from './folder-index.ts'
import { mediaFactsRoute, type Origins } from './media-facts.ts'
import { mediaRoute } from './media-route.ts'
import { type MediaSource, MediumError } from './medium.ts'
import { playerPage } from './player-page.ts'
import { directiveOf, PlaylistHold } from './playlist-hold.ts'
import { PublishedMedia } from './published-media.ts'
import { UplinkShare } from './uplink-share.ts'
import { ViewerShares } from './viewer-shares.ts'

export interface EdgeInit {
  readonly host: string
  /** Published files that were found to be rotten, for `/metrics`. */
  readonly rot?: (() => Rot) | undefined
  /** 0: any that is free. */
  readonly port: number
  readonly tree: MediaTree
  /** Media that is still on its way here. */
  readonly arriving?: ArrivingFiles | undefined
  /** Told what viewers wait for. */
  readonly wanted?: Wanted | undefined
  /** Asked where nothing is published: media that others have. */
  readonly elsewhere?: MediaSource | undefined
  /** Tells the player page where media came from. */
  readonly origins?: Origins | undefined
  /** With it, only addresses that it has signed are answered. */
  readonly secret?: string | undefined
  /** Whether folders are shown. */
  readonly index?: boolean | undefined
  readonly connections?: number | undefined
  readonly connectionsPerViewer?: number | undefined
  /** Requests per second from one address. */
  readonly requestsPerViewer?: number | undefined
  /** Bytes per second to one address; no limit if not given. */
  readonly viewerRate?: number | undefined
  /** What all viewers together may take of the uplink. */
  readonly uplink?: UplinkShare | undefined
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly proxies?: readonly string[] | undefined
  /** More routes and pages on the same port. */
  readonly routes?: ((app: FastifyInstance) => Promise<void> | void) | undefined
  readonly warn?: ((message: string, fields: Record<string, unknown>) => void) | undefined
}

export interface RunningEdge {
  /** Where it listens, as `http://ADDRESS:PORT`. */
  readonly url: string
  readonly metrics: EdgeMetrics
  stop (): Promise<void>
}

/** As many as 1,000 viewers' players open. */
const CONNECTIONS = 2_000
/** A household behind one address, or a test of a player with many tabs. */
const CONNECTIONS_PER_VIEWER = 500
/** A player that seeks about asks for dozens of parts in a second. */
const REQUESTS_PER_VIEWER = 1_000
/** From the first byte of a request to the end of its headers: who takes longer holds a connection on purpose. */
const HEADERS_TIMEOUT_MS = 10_000
/** Nothing moves: a viewer that is paused comes back with a range. Longer than what media is waited for. */
const IDLE_TIMEOUT_MS = 60_000
/** Between two requests of a player: HLS asks each few seconds. */
const KEEP_ALIVE_MS = 30_000
/** A browser need not ask for leave again for a day. */
const PREFLIGHT_S = 86_400
/** A path of the validator's length, percent-encoded, and a query. */
const MAX_PATH_CHARACTERS = 10_000
const EXPOSED = ['Accept-Ranges', 'Content-Length', 'Content-Range', 'ETag', 'Last-Modified', 'Retry-After']

/**
 * Start the HTTP server of a node.
 *
 * @throws what hinders it from listening
 */
export async function startEdge (init: EdgeInit): Promise<RunningEdge> {
  const metrics = new EdgeMetrics(init.rot)
  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    connectionTimeout: IDLE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: HEADERS_TIMEOUT_MS / 2 },
    routerOptions: { maxParamLength: MAX_PATH_CHARACTERS },
    trustProxy: init.proxies == null || init.proxies.length === 0 ? false : [...init.proxies]
  })
  capConnections(app.server, {
    total: init.connections ?? CONNECTIONS,
    perViewer: init.connectionsPerViewer ?? CONNECTIONS_PER_VIEWER,
    onCount: open => metrics.connections.set(open)
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'cross-origin' })
  })
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof MediumError ? error.status : error.statusCode ?? 500
    if (status >= 500 && status !== 503) init.warn?.('a viewer was answered with an error', { path: request.raw.url, error: error.message })
    if (error instanceof MediumError && error.retryAfterS != null) reply.header('retry-after', error.retryAfterS)
    // Never what stands in the stack or on this machine's disk.
    const said = status === 500 && !(error instanceof MediumError) ? 'the server failed' : error.message
    return await reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(`${said}\n`)
  })
  app.setNotFoundHandler(async (_request, reply) => await reply.code(404).type('text/plain; charset=utf-8').send('there is nothing here: media is below /media/\n'))
  await app.register(cors, { origin: '*', methods: ['GET', 'HEAD', 'OPTIONS'], exposedHeaders: EXPOSED, maxAge: PREFLIGHT_S })
  await app.register(rateLimit, { max: init.requestsPerViewer ?? REQUESTS_PER_VIEWER, timeWindow: 1_000 })

  const published = new PublishedMedia(init.tree)
  const arriving = init.arriving == null ? undefined : new ArrivingMedia({ files: init.arriving, wanted: init.wanted ?? (() => {}), published, onWait: () => metrics.waits.inc() })
  const later: MediaSource | undefined = arriving == null ? undefined : { open: async (path, signal) => await arriving.openLater(path, signal) }
  const playlists = new PlaylistHold(published)
  const shared = init.uplink ?? new UplinkShare(0)
  const viewers = init.viewerRate == null ? undefined : new ViewerShares(init.viewerRate)
  mediaRoute(app, {
    sources: [arriving, published, later, init.elsewhere].filter(source => source != null),
    secret: init.secret,
    metrics,
    hold: async (path, query, signal) => {
      const directive = directiveOf(path, query)
      if (directive != null) await playlists.wait(path, directive, signal)
    },
    sharesOf: viewer => viewers == null ? [shared] : [viewers.of(viewer), shared],
    instead: async (path, request, reply) => {
      const folder = init.index === true ? await listFolder(init.tree, path) : undefined
      if (folder == null) return false
      const [address = '', query] = (request.raw.url ?? '').split('?')
      if (!address.endsWith('/')) reply.redirect(`${address}/${query == null ? '' : `?${query}`}`, 301)
      else await reply.header('cache-control', 'no-cache').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'").type('text/html; charset=utf-8').send(folderPage(path, folder))
      return true
    }
  })
  // What others have, or may come, is not fetched for a look at it.
  mediaFactsRoute(app, { sources: [arriving, published].filter(source => source != null), origins: init.origins, secret: init.secret })
  playerPage(app)
  app.get('/healthz', async (_request, reply) => await reply.type('text/plain').send('ok\n'))
  app.get('/metrics', async (_request, reply) => await reply.type(metrics.registry.contentType).send(await metrics.text()))
  await init.routes?.(app)
  await app.listen({ host: init.host, port: init.port })
  const { address, family, port } = app.server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    metrics,
    stop: async () => { await app.close() }
  }
}
