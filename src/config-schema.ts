import { ALL_OPTIMIZATIONS, type OptimizationName, REPAIR_LEVELS } from '@sluice/core'
import { parsePath, VERBS } from '@sluice/wire'
import { z } from 'zod'
import { announceProblem, baseProblem, controlProblem, httpUrlProblem, listenProblem, peerIdProblem, type Check } from './address.ts'
import { LEVELS } from './log.ts'
import { parseDuration, parseRate, parseSize } from './quantity.ts'

/**
 * The form of `sluice.yaml`. The descriptions and examples serve three readers:
 * the JSON Schema (`sluice schema`), an editor that uses it, and the remedies in
 * error messages.
 */

// Printed by commas and equal signs elsewhere (`--to region=eu,region=us`), so neither may be inside.
const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/
const LABEL_VALUE = /^[^,=\s]{1,128}$/
// The widest that a job's options carry (uint32).
const MAX_WAIT_PERIODS = 1_000

export function text (check: Check): z.ZodString {
  return z.string().superRefine((value, context) => {
    const problem = check(value)
    if (problem != null) context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} ${problem}` })
  })
}

export function quantity (parse: (value: string) => number | undefined, what: string): Check {
  return value => parse(value) == null ? `is not ${what}` : undefined
}

// HMAC-SHA-256 is as strong as its secret.
const MIN_SECRET_CHARACTERS = 16

const path = z.string().min(1)
const positive = z.int().positive()
const rate = z.union([positive, text(quantity(parseRate, 'a rate; bits and bytes are told apart as `bit/s` and `B/s`'))])
const size = z.union([positive, text(quantity(parseSize, 'a size; write it like `10GB`'))])

export const ROLES = ['base', 'node', 'provider'] as const
export type Role = (typeof ROLES)[number]

export const labelsSchema = z.record(
  text(name => LABEL_NAME.test(name) ? undefined : 'is not a label name: letters, digits and . _ / - up to 63'),
  z.union([text(value => LABEL_VALUE.test(value) ? undefined : 'is not a label value: no comma, equal sign or blank, up to 128 characters'), z.number(), z.boolean()])
)

const member = z.strictObject({
  peer: text(peerIdProblem).meta({ description: 'The peer id that `sluice init` printed on that machine', examples: ['12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'] }),
  role: z.enum(['node', 'provider']).meta({ description: 'What this member may do', examples: ['node'] }),
  labels: labelsSchema.optional().meta({ description: 'Names by which jobs pick their servers', examples: [{ region: 'eu' }] })
})

const mediaPath: Check = value => {
  try {
    parsePath(value)
    return undefined
  } catch (error) {
    return `is no path of media: ${(error as Error).message}`
  }
}

const webhookCheck: Check = value => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? undefined : 'is no http or https URL'

const selector = (...words: string[]): z.ZodString => text(value => words.includes(value) || /^[^=]+=[^=]+$/.test(value) || peerIdProblem(value) == null ? undefined : `is none of ${words.join(', ')}, label=value and a peer id`)

const access = z.strictObject({
  who: selector('provider', 'node').meta({ description: 'Who may: all providers, all nodes, members with a label, or one peer', examples: ['provider'] }),
  to: selector('all').optional().meta({ description: 'On whose media: all nodes (default), nodes with a label, or one peer', examples: ['region=eu'] }),
  path: text(mediaPath).optional().meta({ description: 'Below which path (default: the whole media root)', examples: ['/vod'] }),
  verbs: z.array(z.enum(VERBS)).min(1).meta({ description: 'What may be done there', examples: [['list', 'stat', 'get']] })
})

const OPTIMIZATIONS = Object.keys(ALL_OPTIMIZATIONS) as OptimizationName[]

export const fileSchema = z.strictObject({
  role: z.enum(ROLES).optional().meta({ description: 'What this process is; where it is left out, `members` or no `base` make it a base, `media` makes it a node, and else it is a provider', examples: ['node'] }),
  dataDir: path.meta({ description: 'Where the key and the journal live; relative to this file', examples: ['./data'] }),
  listen: z.array(text(listenProblem)).optional().meta({ description: 'Multiaddrs to listen on', examples: [['/ip4/0.0.0.0/tcp/4100']] }),
  announce: z.array(text(announceProblem)).optional().meta({ description: 'Multiaddrs at which others reach this process, where they differ from `listen` (NAT)', examples: [['/dns4/base.example/tcp/4100']] }),
  base: text(baseProblem).optional().meta({ description: 'Where the base is and who it must be; names the fleet', examples: ['/ip4/192.0.2.7/tcp/4100/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'] }),
  join: z.string().min(1).optional().meta({ description: 'A token of `sluice invite`; needed until the base has enrolled this peer once', examples: ['TOKEN'] }),
  members: z.array(member).optional().meta({ description: 'Who belongs to the fleet, beside those who joined by invitation', examples: [[{ peer: '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5', role: 'node' }]] }),
  access: z.array(access).optional().meta({ description: 'Who may browse and change media on nodes directly; where it is left out, providers may do everything, and nodes may read', examples: [[{ who: 'provider', path: '/vod', verbs: ['list', 'stat', 'get'] }]] }),
  media: z.strictObject({
    root: path.meta({ description: 'Published media lands below this directory; relative to this file', examples: ['./media'] }),
    quota: size.optional().meta({ description: 'How much may be in it, staged and published; what does not fit is refused', examples: ['500GB'] }),
    retention: z.array(z.strictObject({
      path: text(mediaPath).meta({ description: 'The folder whose files and folders are counted, each with all that is in it', examples: ['/vod'] }),
      keepLast: positive.optional().meta({ description: 'So many of them, published last, stay', examples: [20] }),
      maxAge: text(quantity(parseDuration, 'a duration')).optional().meta({ description: 'What was published longer ago goes', examples: ['30d'] })
    })).optional().meta({ description: 'What this node removes of what jobs have published', examples: [[{ path: '/vod', maxAge: '30d' }]] }),
    pins: z.array(text(mediaPath)).optional().meta({ description: 'Paths at and below which nothing is removed by age or number', examples: [['/vod/trailer']] }),
    owner: z.boolean().optional().meta({ description: 'Set owner and group where a provider tells them; needs the right to', examples: [true] }),
    xattrs: z.boolean().optional().meta({ description: 'Set extended attributes (user.*) where a provider tells them; needs the program setfattr', examples: [true] }),
    scrub: z.union([z.literal(0), rate]).optional().meta({ description: 'How fast held media is read and checked again in the background; 0: not at all', examples: ['16MB/s'] })
  }).optional().meta({ description: 'Where a node keeps its media', examples: [{ root: './media' }] }),
  limits: z.strictObject({
    upload: rate.optional().meta({ description: 'Highest rate of sending, all peers together', examples: ['20Mbit/s'] })
  }).optional().meta({ description: 'What this process may take of the network', examples: [{ upload: '20Mbit/s' }] }),
  http: z.strictObject({
    listen: text(controlProblem).meta({ description: 'Address and port where viewers get media by HTTP', examples: ['0.0.0.0:8080'] }),
    announce: text(httpUrlProblem).optional().meta({ description: 'URL at which viewers find this node; the base names it, and sends viewers there', examples: ['https://paris.example'] }),
    index: z.boolean().optional().meta({ description: 'Show what is in folders', examples: [true] }),
    signedUrls: z.strictObject({
      secret: z.string().min(MIN_SECRET_CHARACTERS).meta({ description: 'With it, media is given out only to addresses that were signed with it and have not expired', examples: ['at least 16 characters that nobody guesses'] })
    }).optional().meta({ description: 'Who may see media: holders of a signed address', examples: [{ secret: 'at least 16 characters that nobody guesses' }] }),
    viewerShare: z.number().gt(0).lt(1).optional().meta({ description: 'How much of `limits.upload` viewers have for certain, when viewers and other nodes both want it', examples: [0.5] }),
    rateLimit: z.strictObject({
      requests: positive.optional().meta({ description: 'Requests per second of one viewer', examples: [100] }),
      rate: rate.optional().meta({ description: 'Highest rate of sending to one viewer', examples: ['20Mbit/s'] })
    }).optional().meta({ description: 'What one viewer (one address) may take', examples: [{ requests: 100, rate: '20Mbit/s' }] }),
    connections: positive.optional().meta({ description: 'Open connections, all viewers together', examples: [2000] }),
    connectionsPerViewer: positive.optional().meta({ description: 'Open connections of one viewer', examples: [100] }),
    proxies: z.array(z.string().min(1)).optional().meta({ description: 'Addresses or networks of proxies before this node, whose X-Forwarded-For names the viewer', examples: [['127.0.0.1']] })
  }).optional().meta({ description: 'How a node serves viewers', examples: [{ listen: '0.0.0.0:8080' }] }),
  onDemand: z.union([z.boolean(), z.strictObject({
    quota: size.meta({ description: 'How much is kept; what nobody asked for longest gives way', examples: ['10GB'] })
  })]).optional().meta({ description: 'Whether what viewers ask for, and others have, is fetched', examples: [true, { quota: '10GB' }] }),
  api: z.strictObject({
    listen: text(controlProblem).meta({ description: 'Address and port where the base says who has what', examples: ['0.0.0.0:8090'] })
  }).optional().meta({ description: 'The HTTP interface of the base', examples: [{ listen: '0.0.0.0:8090' }] }),
  keep: z.strictObject({
    journal: text(quantity(parseDuration, 'a duration')).optional().meta({ description: 'How long the records of closed jobs are kept', examples: ['180d'] })
  }).optional().meta({ description: 'What is kept for how long', examples: [{ journal: '180d' }] }),
  without: z.array(z.enum(OPTIMIZATIONS)).optional().meta({ description: 'Optimizations turned off, to measure what they are worth', examples: [['dynamicSwitching']] }),
  wait: z.strictObject({
    period: text(quantity(parseDuration, 'a duration')).optional().meta({ description: 'How long one wait period is, once a job has ended', examples: ['30s'] }),
    periods: positive.max(MAX_WAIT_PERIODS).optional().meta({ description: 'How many periods a silent server is waited for', examples: [4] })
  }).optional().meta({ description: 'How long servers that have not reported are waited for', examples: [{ period: '30s', periods: 4 }] }),
  repair: z.strictObject({
    max: z.enum(REPAIR_LEVELS).optional().meta({ description: 'The strongest repair that the base may order on this node; the base cannot raise it', examples: ['restart-executor'] })
  }).optional().meta({ description: 'What the base may have this node do about itself when it stands still', examples: [{ max: 'restart-process' }] }),
  webhook: text(webhookCheck).optional().meta({ description: 'Where the base posts the final notice of a job if this provider is away', examples: ['https://provider.example/sluice'] }),
  control: z.strictObject({
    listen: text(controlProblem).meta({ description: 'Address and port for HTTP requests; a loopback address, unless something that encrypts stands before it', examples: ['127.0.0.1:4180'] }),
    sources: path.meta({ description: 'Scripts that come by HTTP may publish what is in this directory, and nothing else; relative to this file', examples: ['./outbox'] })
  }).optional().meta({ description: 'How a remote user steers this provider', examples: [{ listen: '127.0.0.1:4180', sources: './outbox' }] }),
  run: z.array(path).optional().meta({ description: 'Scripts that a provider runs from its start on; relative to this file', examples: [['./nightly.yaml']] }),
  log: z.strictObject({
    level: z.enum(LEVELS).optional().meta({ description: 'The least that is logged', examples: ['info'] })
  }).optional().meta({ description: 'What is said on stdout', examples: [{ level: 'info' }] })
})

export type FileContent = z.infer<typeof fileSchema>

/** Which keys a role needs, and which others mean something to it. The rest would be silently without effect, so it is refused. */
export const ROLE_KEYS: Record<Role, { needs: Array<keyof FileContent>, may: Array<keyof FileContent> }> = {
  base: { needs: ['dataDir', 'listen'], may: ['role', 'announce', 'members', 'access', 'api', 'limits', 'keep', 'without', 'wait', 'log'] },
  node: { needs: ['dataDir', 'listen', 'base', 'media'], may: ['role', 'announce', 'join', 'limits', 'http', 'onDemand', 'keep', 'without', 'repair', 'log'] },
  provider: { needs: ['dataDir', 'base'], may: ['role', 'listen', 'join', 'wait', 'webhook', 'control', 'run', 'log'] }
}

/** The part of JSON Schema that error messages look at. */
export interface SchemaNode {
  readonly type?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly [key: string]: unknown
}

export const jsonSchema: SchemaNode = {
  $id: 'https://sluice.example/sluice.schema.json',
  title: 'sluice.yaml',
  ...z.toJSONSchema(fileSchema, { io: 'input' }) as SchemaNode
}

/** The schema of what stands at `path`, as far as it is known. */
export function schemaAt (path: ReadonlyArray<string | number>, root = jsonSchema): SchemaNode | undefined {
  let node: SchemaNode | undefined = root
  for (const key of path) node = typeof key === 'number' ? node?.items : node?.properties?.[key]
  return node
}
