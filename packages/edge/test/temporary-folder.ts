import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for each test of the suite this is called in; gone when the test is over. */
export function temporaryFolder (): () => string {
  let path = ''
  beforeEach(() => { path = mkdtempSync(join(tmpdir(), 'sluice-edge-')) })
  afterEach(() => { rmSync(path, { recursive: true, force: true }) })
  return () => path
}
