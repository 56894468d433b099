import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import type { z } from 'zod'
import { ConfigError, nearest, type Problem } from './config-error.ts'
import { fileSchema, schemaAt, type FileContent, type SchemaNode } from './config-schema.ts'

type Path = Array<string | number>
type Issue = z.core.$ZodIssue

/** What a file of some kind may say. */
export interface Form<T> {
  readonly schema: z.ZodType<T>
  /** The schema of what stands at a path, for remedies. */
  readonly at: (path: Path) => SchemaNode | undefined
}

const CONFIGURATION: Form<FileContent> = { schema: fileSchema, at: schemaAt }

/** A YAML file that was read, a configuration if nothing else is said, with the places of everything in it. */
export class ConfigDocument<T = FileContent> {
  readonly file: string
  readonly #form: Form<T>
  readonly #document: Document
  readonly #lines = new LineCounter()

  /** @throws {ConfigError} if the text is not YAML */
  constructor (file: string, text: string, form: Form<T> = CONFIGURATION as unknown as Form<T>) {
    this.file = file
    this.#form = form
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
    if (this.#document.errors.length > 0) {
      throw new ConfigError(file, this.#document.errors.map(error => ({
        ...this.#place(error.pos[0]),
        key: '',
        what: `not YAML: ${error.message.trim()}`,
        remedy: 'mend the syntax there (indentation is by spaces, lists begin with `- `)'
      })))
    }
  }

  /** @throws {ConfigError} with every problem that the schema finds */
  content (): T {
    const result = this.#form.schema.safeParse(this.#plain())
    if (result.success) return result.data
    throw new ConfigError(this.file, result.error.issues.flatMap(issue => this.#problems(issue)))
  }

  /** A problem at a key, or where it is missing at the map that it belongs in. */
  problem (path: Path, what: string, remedy: string): Problem {
    return { ...this.#place(this.#offset(path)), key: keyName(path), what, remedy }
  }

  /** A problem with a key's name rather than with its value. */
  problemOfKey (path: Path, what: string, remedy: string): Problem {
    return { ...this.#place(this.#keyOffset(path.slice(0, -1), String(path.at(-1)))), key: keyName(path), what, remedy }
  }

  #plain (): unknown {
    try {
      return this.#document.toJS() ?? {}
    } catch (error) {
      // Aliases that unfold into very much: yaml counts them, and refuses.
      throw new ConfigError(this.file, [{ line: 1, column: 1, key: '', what: (error as Error).message, remedy: 'write the values out instead of aliases' }], { cause: error })
    }
  }

  #problems (issue: Issue): Problem[] {
    const path = issue.path.filter(key => typeof key !== 'symbol')
    switch (issue.code) {
      case 'unrecognized_keys': return issue.keys.map(key => this.#unknownKey(path, key))
      // A union's branches: the one that has more to say than "wrong type" saw the type that was written.
      case 'invalid_union': return this.#problems(deepest(issue, path))
      case 'invalid_key': return [this.problemOfKey(path, issue.issues[0]?.message ?? 'is not a valid name', this.#remedyFor(path.slice(0, -1)))]
      case 'invalid_type': {
        const found = this.#document.getIn(path, true)
        if (found === undefined) return [this.problem(path, 'is missing', this.#remedyFor(path))]
        return [this.problem(path, `must be ${typeName(issue.expected)}, and is ${describe(found)}`, this.#remedyFor(path))]
      }
      default: return [this.problem(path, sentenceOf(issue), this.#remedyFor(path))]
    }
  }

  #unknownKey (path: Path, key: string): Problem {
    const known = Object.keys(this.#form.at(path)?.properties ?? {})
    const guess = nearest(key, known)
    const remedy = guess == null ? `known here: ${known.join(', ')}` : `did you mean \`${guess}\`?`
    return this.problemOfKey([...path, key], 'is no key that Sluice knows', remedy)
  }

  /** What to write instead, from the schema's own example. */
  #remedyFor (path: Path): string {
    const last = path.at(-1)
    const example = this.#form.at(path)?.examples?.[0]
    if (example === undefined) {
      const list = typeof last === 'number' ? this.#form.at(path.slice(0, -1))?.examples?.[0] : undefined
      return Array.isArray(list) ? `write for example \`- ${flow(list[0])}\`` : 'see `sluice schema` for what may stand here'
    }
    return `write for example \`${String(last)}: ${flow(example)}\``
  }

  #offset (path: Path): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, depth), true)
      if (isNode(node) && node.range != null) return node.range[0]
    }
    return 0
  }

  #keyOffset (path: Path, key: string): number {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    const pair = isMap(map) ? map.items.find(item => String(isScalar(item.key) ? item.key.value : item.key) === key) : undefined
    const node = pair?.key as Node | undefined
    return node?.range?.[0] ?? this.#offset(path)
  }

  #place (offset: number): { line: number, column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

function deepest (issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): Issue {
  const inner = issue.errors.flat().find(candidate => candidate.code !== 'invalid_type') ?? issue.errors.flat().at(-1)
  return inner == null ? { ...issue, code: 'custom', message: 'has the wrong form' } : { ...inner, path: [...path, ...inner.path] }
}

function sentenceOf (issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value': return `must be one of ${issue.values.join(', ')}`
    case 'too_small': return issue.origin === 'string' ? 'is empty' : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}`
    case 'too_big': return `must be at most ${String(issue.maximum)}`
    default: return issue.message
  }
}

/** YAML's flow style for the few shapes that examples have. */
function flow (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`).join(', ')} }`
}

const TYPE_NAMES: Record<string, string> = { array: 'a list', object: 'a map of keys', record: 'a map of keys', string: 'a text', number: 'a number', int: 'a whole number' }

function typeName (expected: string): string {
  return TYPE_NAMES[expected] ?? expected
}

function describe (node: unknown): string {
  if (isScalar(node)) return node.value === null ? 'empty' : `${typeName(typeof node.value)} (${JSON.stringify(node.value)})`
  return isMap(node) ? 'a map of keys' : 'a list'
}

function keyName (path: Path): string {
  return path.map((key, i) => typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`).join('')
}
