import { EXIT } from '../failure.ts'
import type { AddCommand } from '../program.ts'
import { version } from '../version.ts'

export const addSchema: AddCommand = (root, finish) => {
  root.command('schema')
    .description('print the JSON Schema of sluice.yaml, for an editor')
    .action(() => finish(printSchema()))
}

export const addVersion: AddCommand = (root, finish) => {
  root.command('version')
    .description('print the versions of sluice and of the Node that runs it')
    .action(() => finish(printVersion()))
}

async function printSchema (): Promise<number> {
  const { jsonSchema } = await import('../config-schema.ts')
  process.stdout.write(`${JSON.stringify(jsonSchema, null, 2)}\n`)
  return EXIT.complete
}

async function printVersion (): Promise<number> {
  process.stdout.write(`sluice ${version()} (node ${process.version})\n`)
  return EXIT.complete
}
