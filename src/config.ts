import type { OptimizationName, RepairLevel } from '@sluice/core'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parsePath, type Verb } from '@sluice/wire'
import { ConfigDocument } from './config-document.ts'
import { ConfigError, type Problem } from './config-error.ts'
import { ROLE_KEYS, type FileContent, type Role } from './config-schema.ts'
import type { Level } from './log.ts'
import { parseDuration, parseRate, parseSize } from './quantity.ts'

export interface Member {
  peer: string
  role: 'node' | 'provider'
  labels: Record<string, string>
}

export interface Access {
  who: string
  to: string
  path: string[]
  verbs: Verb[]
}

/** Kept on demand if nothing else is said: a few films. */
const ON_DEMAND_BYTES = 10e9

interface Common {
  /** The file that it was read from. */
  file: string
  dataDir: string
  listen: string[]
  log: { level?: Level }
}

interface Reachable { announce?: string[] }
interface Waits { wait: { periodMs?: number, periods?: number } }

export interface BaseConfig extends Common, Reachable, Waits {
  role: 'base'
  members: Member[]
  access?: Access[]
  /** Where it answers by HTTP: address and port. */
  api?: { listen: string }
  limits: { uploadRate?: number }
  keep?: { journalMs?: number }
  without?: OptimizationName[]
}

export interface HttpConfig {
  /** Address and port. */
  listen: string
  /** Where viewers find it. */
  announce?: string
  index: boolean
  secret?: string
  viewerShare?: number
  requestsPerViewer?: number
  /** Bytes per second. */
  viewerRate?: number
  connections?: number
  connectionsPerViewer?: number
  proxies: string[]
}

export interface NodeConfig extends Common, Reachable {
  role: 'node'
  base: string
  join?: string
  media: { root: string, quotaBytes?: number, retention?: Array<{ path: string[], keepLast?: number, maxAgeMs?: number }>, pins?: string[][], owner: boolean, xattrs: boolean, scrubRate?: number }
  http?: HttpConfig
  /** Bytes that may be kept of what others have. */
  onDemandQuota?: number
  repair: { max?: RepairLevel }
  keep?: { journalMs?: number }
  limits: { uploadRate?: number }
  without?: OptimizationName[]
}

export interface ProviderConfig extends Common, Waits {
  role: 'provider'
  base: string
  join?: string
  webhook?: string
  control?: { listen: string, sources: string }
  /** Scripts to run from the start on. */
  run: string[]
}

export type Config = BaseConfig | NodeConfig | ProviderConfig

/**
 * Read and check a configuration file.
 *
 * @throws {ConfigError} and nothing else, whatever the file holds
 */
export async function loadConfig (file: string): Promise<Config> {
  return parseConfig(file, await read(file))
}

/** As loadConfig, for a command that is one role's. */
export async function loadConfigOf<R extends Role> (file: string, role: R): Promise<Extract<Config, { role: R }>> {
  const text = await read(file)
  const config = parseConfig(file, text)
  if (config.role === role) return config as Extract<Config, { role: R }>
  const document = new ConfigDocument(file, text)
  throw new ConfigError(file, [document.problem(['role'], `this is the configuration of a ${config.role}, and the command needs that of a ${role}`, `give the ${role}'s file with -c`)])
}

/** @throws {ConfigError} */
export function parseConfig (file: string, text: string): Config {
  const document = new ConfigDocument(file, text)
  const content = document.content()
  const role = content.role ?? inferRole(content)
  const problems = [...roleProblems(document, content, role), ...memberProblems(document, content)]
  if (problems.length > 0) throw new ConfigError(file, problems)
  return assemble(file, content, role)
}

async function read (file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const remedy = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'write one with `sluice init`, or name another with -c' : 'name a readable file with -c'
    throw new ConfigError(file, [{ line: 1, column: 1, key: '', what: `cannot be read (${(error as Error).message})`, remedy }], { cause: error })
  }
}

function inferRole (content: FileContent): Role {
  if (content.members != null || content.base == null) return 'base'
  return content.media != null ? 'node' : 'provider'
}

function roleProblems (document: ConfigDocument, content: FileContent, role: Role): Problem[] {
  const { needs, may } = ROLE_KEYS[role]
  const how = content.role == null ? `this file reads as a ${role}'s; ` : ''
  const missing = needs.filter(key => content[key] == null)
    .map(key => document.problem([key], `is missing, and a ${role} needs it`, `${how}add \`${key}:\` as in \`sluice init ${role}\``))
  const allowed = new Set<keyof FileContent>([...needs, ...may])
  const misplaced = (Object.keys(content) as Array<keyof FileContent>).filter(key => !allowed.has(key))
    .map(key => document.problemOfKey([key], `has no effect in a ${role}'s configuration`, `${how}remove it, or set \`role:\``))
  const empty = role !== 'provider' && content.listen?.length === 0
    ? [document.problem(['listen'], 'is an empty list', 'write for example `listen: [/ip4/0.0.0.0/tcp/4100]`')]
    : []
  return [...missing, ...misplaced, ...empty]
}

function memberProblems (document: ConfigDocument, content: FileContent): Problem[] {
  const first = new Map<string, number>()
  return (content.members ?? []).flatMap(({ peer }, i) => {
    const other = first.get(peer)
    if (other == null) {
      first.set(peer, i)
      return []
    }
    return [document.problem(['members', i, 'peer'], `is the peer of members[${other}] as well`, 'list each member once')]
  })
}

function assemble (file: string, content: FileContent, role: Role): Config {
  const at = (path: string): string => resolve(dirname(file), path)
  const common = { file, dataDir: at(content.dataDir), listen: content.listen ?? [], log: { level: content.log?.level } }
  const limits = { uploadRate: quantity(content.limits?.upload, parseRate) }
  const keep = { journalMs: quantity(content.keep?.journal, parseDuration) }
  const { scrub, quota, retention, pins } = content.media ?? {}
  const wait = { periodMs: quantity(content.wait?.period, parseDuration), periods: content.wait?.periods }
  // roleProblems has seen to it that what a role needs is there.
  const base = content.base ?? ''
  switch (role) {
    case 'base': return {
      ...common,
      role,
      announce: content.announce,
      access: content.access?.map(({ who, to = 'all', path = '/', verbs }) => ({ who, to, path: parsePath(path), verbs })),
      ...content.api == null ? {} : { api: content.api },
      limits,
      ...content.keep == null ? {} : { keep },
      ...content.without == null ? {} : { without: content.without },
      wait,
      members: (content.members ?? []).map(({ labels = {}, ...member }) => ({
        ...member,
        labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
      }))
    }
    case 'node': return {
      ...common,
      role,
      base,
      join: content.join,
      announce: content.announce,
      limits,
      ...content.keep == null ? {} : { keep },
      ...content.without == null ? {} : { without: content.without },
      repair: { max: content.repair?.max },
      media: { root: at(content.media?.root ?? ''), owner: content.media?.owner === true, xattrs: content.media?.xattrs === true, ...quota == null ? {} : { quotaBytes: quantity(quota, parseSize) }, ...pins == null ? {} : { pins: pins.map(parsePath) }, ...retention == null ? {} : { retention: retention.map(({ path, keepLast, maxAge }) => ({ path: parsePath(path), keepLast, maxAgeMs: quantity(maxAge, parseDuration) })) }, ...scrub == null ? {} : { scrubRate: scrub === 0 ? 0 : quantity(scrub, parseRate) } },
      ...content.http == null ? {} : { http: httpOf(content.http) },
      ...content.onDemand == null || content.onDemand === false ? {} : { onDemandQuota: content.onDemand === true ? ON_DEMAND_BYTES : quantity(content.onDemand.quota, parseSize) }
    }
    case 'provider': return {
      ...common,
      role,
      base,
      join: content.join,
      webhook: content.webhook,
      wait,
      control: content.control == null ? undefined : { listen: content.control.listen, sources: at(content.control.sources) },
      run: (content.run ?? []).map(at)
    }
  }
}

function httpOf ({ listen, announce, index, signedUrls, viewerShare, rateLimit, connections, connectionsPerViewer, proxies = [] }: NonNullable<FileContent['http']>): HttpConfig {
  return {
    listen,
    announce,
    index: index === true,
    secret: signedUrls?.secret,
    viewerShare,
    requestsPerViewer: rateLimit?.requests,
    viewerRate: quantity(rateLimit?.rate, parseRate),
    connections,
    connectionsPerViewer,
    proxies
  }
}

function quantity<T extends string | number> (value: T | undefined, parse: (value: T) => number | undefined): number | undefined {
  return value === undefined ? undefined : parse(value)
}
