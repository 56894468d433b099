import type { PrivateKey } from '@libp2p/interface'
import type { Journal, MemberRow } from '@sluice/store'
import { checkPath, type ctp, isBelow, isVerb, Role, sign, type Verb, VERBS } from '@sluice/wire'

/** Who may do what with whose media. What no rule allows is refused. */
export interface AccessRule {
  /** `provider` or `node`, for all of that role; a member's label=value; or a peer id. */
  readonly who: string
  /** `all`, a node's label=value, or a peer id. */
  readonly to: string
  /** Components below the media root; this path and all below it. */
  readonly path: readonly string[]
  readonly verbs: readonly Verb[]
}

/** Providers may publish anywhere by a job, so they may look, and change, anywhere; nodes may read from one another. */
export const DEFAULT_ACCESS: readonly AccessRule[] = [
  { who: 'provider', to: 'all', path: [], verbs: VERBS },
  { who: 'node', to: 'all', path: [], verbs: ['list', 'stat', 'get'] }
]

/** How long a capability holds, in milliseconds: so long does a rule that was taken back still have effect. */
const CAPABILITY_MS = 15 * 60_000

export interface GrantsInit {
  readonly key: PrivateKey
  readonly self: string
  readonly epoch: number
  readonly journal: Journal
  readonly rules: readonly AccessRule[]
}

/** Signs capabilities: what a member may do with the media of a server, by the rules of the base's configuration. */
export class Grants {
  readonly #init: GrantsInit

  constructor (init: GrantsInit) {
    this.#init = init
  }

  /**
   * A capability for all that the rule allows which covers this: whoever does a
   * hundred errands asks once.
   *
   * @throws with what is not allowed, or not known
   */
  async grant (member: string, { node, path, verb }: ctp.Ask): Promise<Uint8Array> {
    const { key, self, epoch, journal, rules } = this.#init
    checkPath(path)
    if (!isVerb(verb)) throw new Error(`there is no verb ${JSON.stringify(verb)}: ${VERBS.join(', ')}`)
    const server = journal.member(node)
    if (server == null || server.role !== Role.NODE || server.revoked) throw new Error(`there is no media server ${node} in this fleet: \`sluice nodes\` lists them`)
    // The base itself may do everything.
    const rule = member === self ? { path: [], verbs: VERBS } : rules.find(each => covers(each, journal.member(member), server, path, verb))
    if (rule == null) throw new Error(`no rule of the base allows you to ${verb} /${path.join('/')} on ${node}: its operator can add one under \`access\``)
    const now = Date.now()
    const { bytes } = await sign('capability', { base: self, peer: member, node, path: [...rule.path], verbs: [...rule.verbs], epoch, issued: now, expires: now + CAPABILITY_MS }, key)
    return bytes
  }
}

function covers ({ who, to, path: prefix, verbs }: AccessRule, member: MemberRow | undefined, server: MemberRow, path: readonly string[], verb: Verb): boolean {
  if (member == null || member.revoked) return false
  const isWho = who === 'provider' ? member.role === Role.PROVIDER : who === 'node' ? member.role === Role.NODE : names(who, member)
  return isWho && (to === 'all' || names(to, server)) && isBelow(prefix, path) && verbs.includes(verb)
}

function names (selector: string, { peer, labels }: MemberRow): boolean {
  return selector === peer || labels.some(({ name, value }) => `${name}=${value}` === selector)
}
