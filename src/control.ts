import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Logger } from '@sluice/node'
import type { Provider } from '@sluice/sdk'
import { splitHostPort } from './address.ts'
import { parseScript } from './script-runner.ts'
import type { ScriptRuns } from './script-runs.ts'

export interface ControlInit {
  readonly listen: string
  /** What scripts that come by HTTP may publish from. */
  readonly sources: string
  readonly dataDir: string
  readonly runs: ScriptRuns
  readonly provider: Provider
  readonly log: Logger
}

/** A script of a hundred thousand commands. */
const MAX_SCRIPT_BYTES = 16 * 1024 * 1024
const TOKEN_BYTES = 32

/** What went wrong with a request, and its HTTP status. */
class Refusal extends Error {
  readonly status: number

  constructor (status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * HTTP for whoever steers a provider from elsewhere. Every request carries the
 * token that is in `<dataDir>/control-token`; who has it may do what the
 * provider may. See docs/commands.md.
 *
 * @returns how to stop it
 */
export async function startControl (init: ControlInit): Promise<() => Promise<void>> {
  const token = await loadToken(init.dataDir)
  await mkdir(init.sources, { recursive: true })
  const server = createServer((request, response) => {
    answer(init, token, request).then(
      ({ status, body }) => reply(response, status, body),
      (error: Error) => reply(response, error instanceof Refusal ? error.status : error.name === 'ConfigError' ? 400 : 500, { error: error.message })
    )
  })
  const [host, port] = splitHostPort(init.listen)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(port), host, resolve)
  })
  const address = server.address()
  init.log.info('control listens', { host, port: typeof address === 'object' ? address?.port : port })
  return async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

async function answer ({ runs, provider, sources }: ControlInit, token: Buffer, request: IncomingMessage): Promise<{ status: number, body: unknown }> {
  checkToken(token, request.headers.authorization)
  const { pathname } = new URL(request.url ?? '/', 'http://control')
  const [, collection, id] = /^\/v1\/(runs|jobs|nodes)(?:\/([^/]+))?$/.exec(pathname) ?? []
  switch (`${request.method} ${collection}${id == null ? '' : '/ID'}`) {
    case 'GET runs': return { status: 200, body: runs.list() }
    case 'POST runs': {
      const script = parseScript('script', await bodyOf(request))
      return { status: 202, body: runs.start('script', script, sources, sources) }
    }
    case 'GET runs/ID': return found(runs.get(Number(id)), `there is no run ${id}`)
    case 'DELETE runs/ID': return found(await runs.end(Number(id)), `there is no run ${id}`)
    case 'GET jobs': return { status: 200, body: await provider.jobs() }
    case 'GET jobs/ID': return { status: 200, body: await provider.job(id as string) }
    case 'GET nodes': return { status: 200, body: await provider.nodes() }
    default: throw new Refusal(404, `there is no ${request.method} ${pathname}: see docs/commands.md`)
  }
}

function found (body: unknown, otherwise: string): { status: number, body: unknown } {
  if (body == null) throw new Refusal(404, otherwise)
  return { status: 200, body }
}

function checkToken (token: Buffer, header = ''): void {
  const given = Buffer.from(header.replace(/^Bearer /, ''))
  if (given.length !== token.length || !timingSafeEqual(given, token)) throw new Refusal(401, 'the request does not carry the token of this daemon: it is in control-token, in its dataDir')
}

async function bodyOf (request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_SCRIPT_BYTES) throw new Refusal(413, `a script of more than ${MAX_SCRIPT_BYTES} bytes: split it`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function reply (response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

async function loadToken (dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'control-token')
  try {
    return Buffer.from((await readFile(path, 'utf8')).trim())
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
    await chmod(path, 0o600)
    return Buffer.from(token)
  }
}
