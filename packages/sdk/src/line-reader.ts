import { BundleError } from './bundle-parts.ts'

/** One element of a list, and whether it is the last. */
export interface Element<T> {
  readonly value: T
  readonly last: boolean
}

/** Reads a text of known form line by line. Everything it refuses it refuses with a BundleError. */
export class LineReader {
  readonly #text: string
  #position = 0

  constructor (text: string) {
    this.#text = text
  }

  /** Whether the next line begins so. */
  peek (start: string): boolean {
    return this.#text.startsWith(start, this.#position)
  }

  /** Pass the next line if it is `line`. */
  skip (line: string): boolean {
    if (!this.peek(`${line}\n`)) return false
    this.#position += line.length + 1
    return true
  }

  expect (line: string, where: string): void {
    if (!this.skip(line)) throw new BundleError(`${JSON.stringify(line)} was expected at character ${this.#position}`, where)
  }

  /** The next line without `before` and `after`. */
  between (before: string, after: string, where: string): string {
    const line = this.#line(where)
    if (!line.startsWith(before) || !line.endsWith(after) || line.length < before.length + after.length) {
      throw new BundleError(`a line ${JSON.stringify(before)} … ${JSON.stringify(after)} was expected at character ${this.#position}`, where)
    }
    this.#position += line.length + 1
    return line.slice(before.length, line.length - after.length)
  }

  /** A string on a line of its own, or nothing if the next line is none. */
  string (indent: string, where: string): Element<string> | undefined {
    if (!this.peek(`${indent}"`)) return undefined
    const last = !this.#line(where).endsWith(',')
    return { value: this.between(`${indent}"`, last ? '"' : '",', where), last }
  }

  /** Pass the line that closes an element; says whether it was the last one. */
  close (line: string, where: string): boolean {
    if (this.skip(`${line},`)) return false
    this.expect(line, where)
    return true
  }

  /** The field `name`, a list whose elements `read` reads until it finds none. */
  list<T> (name: string, read: (where: string) => Element<T> | undefined): T[] {
    const values: T[] = []
    if (this.skip(`  "${name}": [],`)) return values
    this.expect(`  "${name}": [`, name)
    for (let last = false; !last;) {
      const where = `${name}[${values.length}]`
      const element = read(where)
      if (element == null) throw new BundleError(`an element was expected at character ${this.#position}`, where)
      values.push(element.value)
      last = element.last
    }
    this.expect('  ],', name)
    return values
  }

  /** All that is left, between `before` and `after`. */
  rest (before: string, after: string, where: string): string {
    if (!this.peek(before) || !this.#text.endsWith(after)) throw new BundleError(`${JSON.stringify(before)} was expected at character ${this.#position}`, where)
    return this.#text.slice(this.#position + before.length, this.#text.length - after.length)
  }

  #line (where: string): string {
    const end = this.#text.indexOf('\n', this.#position)
    if (end === -1) throw new BundleError(`the text ends in the middle of a line at character ${this.#position}`, where)
    return this.#text.slice(this.#position, end)
  }
}
