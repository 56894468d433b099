import { DatabaseSync } from 'node:sqlite'
import { sha256, toHex } from '@sluice/wire'
import { expect } from 'chai'
import { MIGRATIONS } from '../src/schema.ts'

/** The first eight digits of the SHA-256 of each migration that was released. Append only. */
const RELEASED: string[] = []

describe('MIGRATIONS', () => {
  it('lead from nothing to now, one after the other', () => {
    const database = new DatabaseSync(':memory:')
    for (const migration of MIGRATIONS) database.exec(migration)
    expect(database.prepare('PRAGMA integrity_check').get()).to.deep.include({ integrity_check: 'ok' })
    database.close()
  })

  it('are never edited once they are released: somebody has them behind him', () => {
    expect(MIGRATIONS.slice(0, RELEASED.length).map(sql => toHex(sha256(Buffer.from(sql))).slice(0, 8))).to.deep.equal(RELEASED)
  })
})
