import type { PrivateKey } from '@libp2p/interface'
import type { Absences } from './absences.ts'
import type { MemberRole, Membership } from '@sluice/node'
import type { Journal, MemberRow } from '@sluice/store'
import { type hello, type Label, open, Role, sign } from '@sluice/wire'

/** A member as the base's configuration lists it. */
export interface ListedMember {
  readonly peer: string
  readonly role: 'node' | 'provider'
  readonly labels: Readonly<Record<string, string>>
}

/** How long a credential holds, in milliseconds: a base may be away for a day without the fleet falling apart. */
const CREDENTIAL_MS = 24 * 60 * 60_000

/** Of a URL that a node says is its own. */
const MAX_URL_CHARACTERS = 500

const ROLES = { node: Role.NODE, provider: Role.PROVIDER } as const
const ROLE_NAMES: Record<Role, MemberRole> = { [Role.NODE]: 'node', [Role.PROVIDER]: 'provider', [Role.BASE]: 'base' }

/** Why somebody is not let in, in words for him. */
export class NotAMember extends Error {
  override readonly name = 'NotAMember'
}

export interface RegistryInit {
  readonly key: PrivateKey
  readonly self: string
  readonly epoch: number
  readonly journal: Journal
  readonly membership: Membership
  readonly absences: Absences
}

/** Who belongs to the fleet: listed in the configuration, or enrolled by an invitation. */
export class Registry {
  readonly #init: RegistryInit
  readonly #online = new Set<string>()
  /** Where viewers of nodes go, as the nodes said when they came. */
  readonly #http = new Map<string, string>()

  constructor (init: RegistryInit) {
    this.#init = init
  }

  /** Enrol those whom the configuration lists, with the labels it gives them now. */
  list (members: readonly ListedMember[]): void {
    const { journal } = this.#init
    for (const { peer, role, labels } of members) {
      const known = journal.member(peer)
      journal.upsertMember({
        peer,
        role: ROLES[role],
        labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
        enrolledAt: known?.enrolledAt ?? Date.now(),
        lastSeen: known?.lastSeen ?? 0,
        uploadRate: known?.uploadRate ?? 0
      })
    }
  }

  online (peer: string, isOnline: boolean): void {
    if (isOnline) {
      this.#online.add(peer)
      this.#init.absences.returned(peer, Date.now())
    } else if (this.#online.delete(peer)) this.#init.absences.left(peer, Date.now())
  }

  isOnline (peer: string): boolean {
    return this.#online.has(peer)
  }

  /** Media servers that are connected now. */
  nodesOnline (): MemberRow[] {
    return this.#init.journal.members().filter(({ peer, role, revoked }) => role === Role.NODE && !revoked && this.#online.has(peer))
  }

  /** Where viewers of a node go; undefined if it did not say. */
  httpOf (peer: string): string | undefined {
    return this.#http.get(peer)
  }

  /**
   * Let a peer in, and give it the credential it shows to others.
   *
   * @throws {NotAMember | JournalConflict} saying what to do about it
   */
  async admit (peer: string, greeting: hello.Hello): Promise<Uint8Array> {
    const { key, self, epoch, journal, membership } = this.#init
    if (journal.member(peer) == null && greeting.token !== '') await this.#redeem(peer, greeting.token)
    const member = journal.member(peer)
    if (member == null) throw new NotAMember(`${peer} is not a member of this fleet: start it with an invitation (join: TOKEN), or list it in the base's members`)
    if (member.revoked) throw new NotAMember(`${peer} is no longer a member of this fleet`)
    const now = Date.now()
    journal.upsertMember({ ...member, lastSeen: now, uploadRate: greeting.uploadRate > 0 ? greeting.uploadRate : member.uploadRate })
    const http = httpUrl(greeting.http)
    if (http == null) this.#http.delete(peer)
    else this.#http.set(peer, http)
    membership.admit(peer, ROLE_NAMES[member.role], Number.POSITIVE_INFINITY)
    const { bytes } = await sign('credential', { peer, base: self, role: member.role, labels: [...member.labels], epoch, issued: now, expires: now + CREDENTIAL_MS }, key)
    return bytes
  }

  async #redeem (peer: string, token: string): Promise<void> {
    const { self, journal } = this.#init
    let value: { role: Role, labels: Label[], nonce: Uint8Array, expires: number }
    try {
      ({ value } = await open('invitation', Buffer.from(token, 'base64url'), self))
    } catch (cause) {
      throw new NotAMember('the token is not an invitation of this base: make a new one with `sluice invite`', { cause })
    }
    if (value.expires < Date.now()) throw new NotAMember(`the invitation expired at ${new Date(value.expires).toISOString()}: make a new one with \`sluice invite\``)
    journal.transaction(() => {
      journal.redeem(value.nonce, peer)
      journal.upsertMember({ peer, role: value.role, labels: value.labels, enrolledAt: Date.now(), lastSeen: 0, uploadRate: 0 })
    })
  }

  /**
   * The servers that a job's targets name, in rank order: upload rate, descending.
   *
   * @throws {NotAMember} where a target names nobody
   */
  targets (selectors: readonly string[]): Array<{ peer: string, uploadRate: number }> {
    const nodes = this.#init.journal.members().filter(member => member.role === Role.NODE && !member.revoked)
    const chosen = new Map<string, { peer: string, uploadRate: number }>()
    for (const selector of selectors.length === 0 ? ['all'] : selectors) {
      const matching = nodes.filter(({ peer, labels }) => selector === 'all' || peer === selector || labels.some(({ name, value }) => `${name}=${value}` === selector))
      if (matching.length === 0) throw new NotAMember(`no node matches ${JSON.stringify(selector)}: a target is 'all', a label such as region=eu, or a node's peer id`)
      for (const { peer, uploadRate } of matching) chosen.set(peer, { peer, uploadRate })
    }
    return [...chosen.values()].sort((a, b) => b.uploadRate - a.uploadRate)
  }
}

/** Viewers are sent there: nothing but an address of a server, and no longer than one is. */
function httpUrl (text: string | undefined): string | undefined {
  if (text == null || text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) return undefined
  const { protocol, href, username, search, hash } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && search === '' && hash === '' ? href.replace(/\/$/, '') : undefined
}
