/** What came is told so long after the first of it, in milliseconds: often enough for a window of 150 ms, and not piece by piece where thousands come. */
const TELL_MS = 20

/** Tells a provider how many bytes of pieces came on its stream. */
export class ReceivedBytes {
  readonly #tell: (bytes: number) => void
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor (tell: (bytes: number) => void) {
    this.#tell = tell
  }

  add (bytes: number): void {
    this.#bytes += bytes
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#tell(this.#bytes)
    }, TELL_MS)
  }

  close (): void {
    clearTimeout(this.#timer)
  }
}
