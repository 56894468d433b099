/** Where a peer says what it does. `fields` hold what a machine would want to read. */
export interface Logger {
  debug (msg: string, fields?: object): void
  info (msg: string, fields?: object): void
  warn (msg: string, fields?: object): void
  error (msg: string, fields?: object): void
}

export const silent: Logger = { debug () {}, info () {}, warn () {}, error () {} }
