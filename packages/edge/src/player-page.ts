import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

interface PageFile {
  readonly url: URL
  readonly type: string
}

const SCRIPT = 'text/javascript; charset=utf-8'
/** As it is written, and what the compiler made of it. */
const written = (name: string): URL => new URL(`../../page/${name}`, import.meta.url)
const compiled = (name: string): URL => new URL(`../page/${name}`, import.meta.url)
const ofHls = (name: string): URL => new URL(import.meta.resolve(`hls.js/dist/${name}`))

const PAGE: PageFile = { url: written('watch.html'), type: 'text/html; charset=utf-8' }
/** What the page is made of, by its name below `/player/`. Nothing comes from another host. */
const FILES: Readonly<Record<string, PageFile>> = {
  'player.css': { url: written('player.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { url: written('icon.svg'), type: 'image/svg+xml' },
  'main.js': { url: compiled('main.js'), type: SCRIPT },
  'figures.js': { url: compiled('figures.js'), type: SCRIPT },
  'playback.js': { url: compiled('playback.js'), type: SCRIPT },
  'server-facts.js': { url: compiled('server-facts.js'), type: SCRIPT },
  'hls.mjs': { url: ofHls('hls.min.mjs'), type: SCRIPT },
  'hls.worker.js': { url: ofHls('hls.worker.js'), type: SCRIPT }
}

/** Only what this server has itself. Media that is put together by a script is a `blob:`. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'"
].join('; ')

/**
 * The page that plays: `GET /watch/<path>`, whatever the path; it asks for the
 * media itself. It holds nothing worth a signature.
 */
export function playerPage (app: FastifyInstance): void {
  // Read once: the compiled program does not change under a running node.
  const contents = new Map<PageFile, Promise<{ readonly bytes: Buffer, readonly etag: string }>>()
  const send = async (file: PageFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    let content = contents.get(file)
    if (content == null) contents.set(file, content = contentOf(file))
    const { bytes, etag } = await content
    reply.headers({
      etag,
      'cache-control': 'no-cache',
      'content-type': file.type,
      'content-security-policy': POLICY,
      // A signed address stays here.
      'referrer-policy': 'no-referrer'
    })
    if (request.headers['if-none-match'] === etag) return await reply.code(304).send()
    return await reply.send(bytes)
  }
  app.get('/watch/*', async (request, reply) => await send(PAGE, request, reply))
  for (const [name, file] of Object.entries(FILES)) app.get(`/player/${name}`, async (request, reply) => await send(file, request, reply))
}

async function contentOf ({ url }: PageFile): Promise<{ readonly bytes: Buffer, readonly etag: string }> {
  const bytes = await readFile(url)
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
}
