import { parsePath } from '@sluice/wire'
import { z } from 'zod'
import type { Check } from './address.ts'
import type { Form } from './config-document.ts'
import { jsonSchema, quantity, schemaAt, text, type SchemaNode } from './config-schema.ts'
import { parseDuration } from './quantity.ts'

/**
 * The form of a job's script. As in config-schema.ts, descriptions and examples
 * are what error messages say.
 */

/** Jobs and commands that a timer repeats. */
const MAX_TIMES = 1_000_000
const MAX_TRACK = 2 ** 31

const isPath: Check = value => {
  try {
    parsePath(value)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
const isTime: Check = value => /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'is not a date and time with its zone'
const isMode: Check = value => /^0?[0-7]{3,4}$/.test(value) ? undefined : 'is not an octal mode in quotes'

const remote = text(isPath)
const time = text(isTime).meta({ description: 'Not before this time', examples: ['2027-01-31T02:00:00Z'] })
const duration = text(quantity(parseDuration, 'a duration'))
const name = z.string().min(1)

const times = z.int().positive().max(MAX_TIMES)

const command = z.strictObject({
  id: name.optional().meta({ description: 'What later commands call it', examples: ['segments'] }),
  put: name.optional().meta({ description: 'A local file or directory; relative to the script', examples: ['./film'] }),
  as: remote.optional().meta({ description: 'Of a put: where it lands below the media root', examples: ['/vod/film'] }),
  staged: z.boolean().optional().meta({ description: 'Of a put: held until a publish shows it', examples: [true] }),
  arriving: z.boolean().optional().meta({ description: 'Of a put: viewers may read what has landed, before all of it has', examples: [true] }),
  mkdir: remote.optional().meta({ description: 'A folder to make', examples: ['/vod/new'] }),
  setattr: remote.optional().meta({ description: 'What `mode`, `mtime`, `owner` and `group` are set of', examples: ['/vod/film'] }),
  move: remote.optional().meta({ description: 'What is to be moved', examples: ['/vod/old'] }),
  to: remote.optional().meta({ description: 'Of a move: where to', examples: ['/archive/old'] }),
  remove: remote.optional().meta({ description: 'What is to be removed', examples: ['/vod/old'] }),
  recursive: z.boolean().optional().meta({ description: 'Of a remove: with all that is in it', examples: [true] }),
  publish: z.array(name).min(1).optional().meta({ description: 'Staged puts, by their ids, to be shown at once', examples: [['segments', 'playlist']] }),
  verify: remote.optional().meta({ description: 'What servers compare with what was signed', examples: ['/vod'] }),
  barrier: z.union([z.literal('all'), z.array(z.int().nonnegative())]).optional().meta({ description: 'Tracks that wait for each other here', examples: [[0, 1]] }),
  cancel: name.optional().meta({ description: 'A put to be called off, by its id', examples: ['segments'] }),
  reason: name.optional().meta({ description: 'Of a cancel: why', examples: ['the wrong file'] }),
  mode: text(isMode).optional().meta({ description: 'Permission bits, octal', examples: ["'0644'"] }),
  mtime: text(isTime).optional().meta({ description: 'Time of modification', examples: ['2026-01-31T02:00:00Z'] }),
  owner: name.optional().meta({ description: 'Name or number; set where a server allows it', examples: ['www-data'] }),
  group: name.optional().meta({ description: 'Name or number; set where a server allows it', examples: ['www-data'] }),
  track: z.int().nonnegative().max(MAX_TRACK).optional().meta({ description: 'Effects of one track are made in order', examples: [1] }),
  continueAfterFailure: z.boolean().optional().meta({ description: 'Later commands of the track are done even where this one fails', examples: [true] }),
  at: time.optional(),
  after: duration.optional().meta({ description: 'Not before this long after the command before it was given', examples: ['10s'] }),
  when: z.strictObject({
    completed: name.meta({ description: 'The command that must be done, by its id', examples: ['segments'] }),
    on: z.union([z.literal('all'), z.literal('quorum'), z.int().positive()]).optional().meta({ description: 'On how many servers: all, the job\'s quorum, or a number', examples: ['quorum'] })
  }).optional().meta({ description: 'Not before another command is done', examples: [{ completed: 'segments', on: 'quorum' }] }),
  every: duration.optional().meta({ description: 'Give it again and again, at this distance', examples: ['10s'] }),
  times: times.optional().meta({ description: 'With `every`: how often in all', examples: [6] })
}).superRefine((value, context) => {
  for (const { key, message } of problemsOf(value)) context.addIssue({ code: 'custom', message, ...key == null ? {} : { path: [key] } })
})

export const scriptSchema = z.strictObject({
  to: z.union([name, z.array(name).min(1)]).meta({ description: 'all, label=value or peer ids', examples: ['region=eu'] }),
  name: z.string().optional().meta({ description: 'A name of the job, for people', examples: ['nightly'] }),
  quorum: z.int().positive().optional().meta({ description: 'How many servers must complete for "complete"', examples: [2] }),
  priority: z.int().nonnegative().optional().meta({ description: 'Higher goes first', examples: [1] }),
  notices: z.array(z.enum(['command-received', 'command-started'])).optional().meta({ description: 'Receipts that servers give by themselves, beside the usual ones', examples: [['command-started']] }),
  at: time.optional(),
  every: duration.optional().meta({ description: 'Open a job like this again and again, at this distance', examples: ['24h'] }),
  times: times.optional().meta({ description: 'With `every`: how often in all; without it, for ever', examples: [7] }),
  commands: z.array(command).min(1).meta({ description: 'What the job is to do, in order', examples: [[{ put: './film', as: '/vod/film' }]] })
}).superRefine(({ every, times, commands }, context) => {
  if (times != null && every == null) context.addIssue({ code: 'custom', path: ['times'], message: 'needs `every`' })
  const known = new Map<string, ScriptCommand>()
  commands.forEach((each, index) => {
    for (const [key, id] of referencesOf(each)) {
      if (!known.has(id)) context.addIssue({ code: 'custom', path: ['commands', index, key], message: `${JSON.stringify(id)} is the id of no command before this one` })
    }
    if (each.id == null) return
    if (known.has(each.id)) context.addIssue({ code: 'custom', path: ['commands', index, 'id'], message: `${JSON.stringify(each.id)} is the id of another command as well` })
    known.set(each.id, each)
  })
})

export type ScriptContent = z.infer<typeof scriptSchema>
export type ScriptCommand = z.infer<typeof command>

const KINDS = ['put', 'mkdir', 'setattr', 'move', 'remove', 'publish', 'verify', 'barrier', 'cancel'] as const
export type ScriptKind = (typeof KINDS)[number]

/** Keys that mean something to one kind, or a few, only. */
const BELONGS: Partial<Record<keyof ScriptCommand, readonly ScriptKind[]>> = {
  as: ['put'], staged: ['put'], arriving: ['put'], to: ['move'], recursive: ['remove'], reason: ['cancel'],
  mode: ['mkdir', 'setattr'], mtime: ['mkdir', 'setattr'], owner: ['mkdir', 'setattr'], group: ['mkdir', 'setattr']
}
const NEEDS: Partial<Record<ScriptKind, keyof ScriptCommand>> = { put: 'as', move: 'to' }

export function kindOf (value: ScriptCommand): ScriptKind {
  return KINDS.find(kind => value[kind] != null) as ScriptKind
}

function problemsOf (value: ScriptCommand): Array<{ key?: string, message: string }> {
  const kinds = KINDS.filter(kind => value[kind] != null)
  const [kind, other] = kinds
  if (kind == null) return [{ message: `says nothing to do: give one of ${KINDS.join(', ')}` }]
  if (other != null) return [{ key: other, message: `is a second thing to do beside \`${kind}\`: make two commands of it` }]
  const problems: Array<{ key?: string, message: string }> = []
  for (const [key, owners] of Object.entries(BELONGS)) {
    if (value[key as keyof ScriptCommand] != null && !owners.includes(kind)) problems.push({ key, message: `has no effect with \`${kind}\`` })
  }
  const needed = NEEDS[kind]
  if (needed != null && value[needed] == null) problems.push({ message: `needs \`${needed}\` beside \`${kind}\`` })
  if (kind === 'setattr' && [value.mode, value.mtime, value.owner, value.group].every(attribute => attribute == null)) problems.push({ message: 'changes nothing: give `mode`, `mtime`, `owner` or `group`' })
  if (value.times != null && value.every == null) problems.push({ key: 'times', message: 'needs `every`' })
  if (value.every != null && value.times == null) problems.push({ key: 'every', message: 'needs `times`: the job could never end' })
  return problems
}

function referencesOf ({ publish = [], cancel, when }: ScriptCommand): Array<[key: string, id: string]> {
  return [...publish.map((id): [string, string] => ['publish', id]), ...cancel == null ? [] : [['cancel', cancel] as [string, string]], ...when == null ? [] : [['when', when.completed] as [string, string]]]
}

const scriptJsonSchema: SchemaNode = { ...jsonSchema, ...z.toJSONSchema(scriptSchema, { io: 'input' }) as SchemaNode }

export const SCRIPT: Form<ScriptContent> = { schema: scriptSchema, at: path => schemaAt(path, scriptJsonSchema) }
