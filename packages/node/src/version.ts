import { readFileSync } from 'node:fs'

/** Of the software, told to other peers for people to read. */
export const VERSION: string = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version
