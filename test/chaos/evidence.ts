import { parseBundle } from '@sluice/sdk'
import { type Command, open, type Receipt } from '@sluice/wire'

/** What a receipt is about. */
export type Stated = Pick<Receipt, 'node' | 'kind' | 'seq'>

/** What a bundle has, for who need not ask whether its signatures hold. */
export interface Evidence {
  /** Kind of each command, in order. */
  readonly queue: readonly string[]
  readonly receipts: readonly Stated[]
}

const KINDS = ['put', 'mkdir', 'setattr', 'move', 'remove', 'publish', 'verify', 'barrier', 'cancel', 'end'] as const satisfies ReadonlyArray<keyof Command>

export async function readEvidence (text: string): Promise<Evidence> {
  const { commands, receipts } = parseBundle(text)
  return {
    queue: await Promise.all(commands.map(async ({ command }) => {
      const { value } = await open('command', command)
      return KINDS.find(kind => value[kind] != null) ?? 'unknown'
    })),
    receipts: await Promise.all(receipts.map(async bytes => (await open('receipt', bytes)).value))
  }
}
