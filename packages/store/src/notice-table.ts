import type { Database } from './database.ts'

/** A job's final notice that its provider has not acknowledged. Times are milliseconds since 1970. */
export interface WaitingNotice {
  readonly job: string
  readonly provider: string
  /** Where it is posted; none: it waits for its provider. */
  readonly url: string
  /** How often it was posted in vain. */
  readonly tries: number
  /** When it is posted next. */
  readonly nextAt: number
}

/** The outbox of final notices. */
export interface NoticeTable {
  /** A job has one; the same again changes nothing. */
  addNotice (notice: Omit<WaitingNotice, 'tries'>): void
  /** Those with a URL, the most urgent first. */
  noticesToPost (): WaitingNotice[]
  /** Those of one provider, the newest first. */
  noticesFor (provider: string, limit: number): WaitingNotice[]
  /** Post it then; `tried`: it was tried in vain just now. */
  delayNotice (job: string, nextAt: number, tried: boolean): void
  removeNotice (job: string): void
}

export function noticeTable (database: Database): NoticeTable {
  const insert = database.prepare('INSERT OR IGNORE INTO notices (job, provider, url, nextAt) VALUES (?, ?, ?, ?)')
  const toPost = database.prepare<WaitingNotice>('SELECT * FROM notices WHERE url <> \'\' ORDER BY nextAt, job')
  const ofProvider = database.prepare<WaitingNotice>('SELECT * FROM notices WHERE provider = ? ORDER BY job DESC LIMIT ?')
  const delay = database.prepare('UPDATE notices SET tries = tries + ?, nextAt = ? WHERE job = ?')
  const remove = database.prepare('DELETE FROM notices WHERE job = ?')

  return {
    addNotice: ({ job, provider, url, nextAt }) => { insert.run(job, provider, url, nextAt) },
    noticesToPost: () => toPost.all(),
    noticesFor: (provider, limit) => ofProvider.all(provider, limit),
    delayNotice: (job, nextAt, tried) => { delay.run(tried ? 1 : 0, nextAt, job) },
    removeNotice: job => { remove.run(job) }
  }
}
