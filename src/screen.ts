import cliProgress from 'cli-progress'

// Ten frames a second look smooth; more would only be flicker over ssh.
const FRAMES_PER_SECOND = 10

/** A block of rows at the foot of a terminal that is redrawn in place. */
export class Screen {
  readonly #bars: cliProgress.MultiBar
  readonly #rows: cliProgress.SingleBar[] = []
  readonly #timer: NodeJS.Timeout

  /** `rows` is asked for the present rows a few times a second. */
  constructor (out: NodeJS.WriteStream, rows: () => string[]) {
    this.#bars = new cliProgress.MultiBar({
      stream: out,
      fps: FRAMES_PER_SECOND,
      hideCursor: true,
      // The rows are finished texts; the bar in them is ours (progress-lines.ts).
      format: (_options, _params, payload: { text: string }) => payload.text.slice(0, (out.columns ?? 80) - 1),
      // Ctrl-C is for the command, which restores the cursor by stop().
      gracefulExit: false,
      emptyOnZero: true,
      linewrap: false
    })
    const draw = (): void => this.#draw(rows())
    this.#timer = setInterval(draw, 1_000 / FRAMES_PER_SECOND)
    draw()
    this.stop = () => {
      clearInterval(this.#timer)
      draw()
      this.#bars.stop()
    }
  }

  /** Draw the last state, leave it standing, and give the cursor back. */
  readonly stop: () => void

  #draw (texts: string[]): void {
    for (let i = 0; i < Math.max(texts.length, this.#rows.length); i++) {
      const payload = { text: texts[i] ?? '' }
      const row = this.#rows[i]
      if (row == null) this.#rows.push(this.#bars.create(1, 0, payload))
      else row.update(0, payload)
    }
  }
}
