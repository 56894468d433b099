import { parsePath } from '@sluice/wire'
import { loadConfigOf } from '../config.ts'
import { EXIT, UsageError } from '../failure.ts'
import type { AddCommand } from '../program.ts'
import { parseDuration } from '../quantity.ts'

interface Options {
  config: string
  for: string
  below?: boolean
}

export const addSign: AddCommand = (root, finish) => {
  root.command('sign')
    .description('print the signed address of a medium, for a node that asks for one')
    .argument('<path>', 'as viewers see it, such as /vod/film.mp4')
    .option('-c, --config <file>', 'a node\'s configuration, with http.signedUrls', 'sluice.yaml')
    .option('--for <duration>', 'how long it holds', '1h')
    .option('--below', 'the path is a folder, and all that is in it may be read: print the query alone, for any address below')
    .action((path: string, options: Options) => finish(sign(path, options)))
}

async function sign (text: string, options: Options): Promise<number> {
  const durationMs = parseDuration(options.for)
  if (durationMs == null) throw new UsageError(`--for ${JSON.stringify(options.for)} is not a duration, like 30m or 24h`)
  const { http, file } = await loadConfigOf(options.config, 'node')
  if (http?.secret == null) throw new UsageError(`${file}: http.signedUrls: is missing, so this node asks for no signature; set its secret`)
  const path = parsePath(text)
  const { signPath } = await import('@sluice/edge')
  const query = signPath(http.secret, path, Math.ceil((Date.now() + durationMs) / 1000), options.below === true)
  process.stdout.write(options.below === true ? `?${query}\n` : `/media/${path.map(encodeURIComponent).join('/')}?${query}\n`)
  return EXIT.complete
}
