import { open, Role, type Credential, type Signed } from '@sluice/wire'

export type MemberRole = 'node' | 'provider' | 'base'

const ROLES: Record<Role, MemberRole> = { [Role.NODE]: 'node', [Role.PROVIDER]: 'provider', [Role.BASE]: 'base' }

/** How far two members' clocks may differ, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000

/** Shown membership that does not hold. */
export class MembershipError extends Error {
  override readonly name = 'MembershipError'
}

interface Member {
  readonly role: MemberRole
  readonly expiresMs: number
}

/**
 * Who is a member, as far as this peer was shown: a fleet is named by its
 * base's peer id, and the base's signature is all it takes. Deny is the default.
 */
export class Membership {
  readonly base: string
  readonly #members = new Map<string, Member>()
  readonly #revoked = new Set<string>()
  readonly #now: () => number
  #rosterSeq = 0
  #rosterEpoch = 0
  #roster: Uint8Array = new Uint8Array()

  constructor (base: string, now: () => number = Date.now) {
    this.base = base
    this.#now = now
    this.#members.set(base, { role: 'base', expiresMs: Number.POSITIVE_INFINITY })
  }

  /** The newest roster, to be shown on. */
  get roster (): Uint8Array {
    return this.#roster
  }

  /** What a peer may be here, or undefined for a stranger. */
  roleOf (peer: string): MemberRole | undefined {
    const member = this.#members.get(peer)
    if (member == null || this.#revoked.has(peer)) return undefined
    if (member.expiresMs + CLOCK_SKEW_MS < this.#now()) {
      this.#members.delete(peer)
      return undefined
    }
    return member.role
  }

  isRevoked (peer: string): boolean {
    return this.#revoked.has(peer)
  }

  /** At the base, which needs no paper to know its own. */
  admit (peer: string, role: MemberRole, expiresMs: number): void {
    this.#members.set(peer, { role, expiresMs })
  }

  /**
   * Take note of a credential that `peer` shows.
   *
   * @throws {MembershipError | EnvelopeError}
   */
  async show (peer: string, bytes: Uint8Array): Promise<MemberRole> {
    const { value } = await this.#open(bytes)
    if (value.peer !== peer) throw new MembershipError(`the credential is ${value.peer}'s, not ${peer}'s`)
    if (value.expires + CLOCK_SKEW_MS < this.#now()) throw new MembershipError(`the credential expired at ${new Date(value.expires).toISOString()}: connect to the base for a new one`)
    if (this.#revoked.has(peer)) throw new MembershipError('membership was revoked')
    const role = ROLES[value.role]
    if (role == null || role === 'base') throw new MembershipError('the credential names no role that it could')
    this.#members.set(peer, { role, expiresMs: value.expires })
    return role
  }

  async #open (bytes: Uint8Array): Promise<Signed<'credential'> & { value: Credential }> {
    const signed = await open('credential', bytes, this.base)
    if (signed.value.base !== this.base) throw new MembershipError(`the credential is of the fleet ${signed.value.base}`)
    return signed
  }

  /** Take over a newer roster. An older one is passed over: its sequence never falls. */
  async update (bytes: Uint8Array): Promise<void> {
    const { value } = await open('roster', bytes, this.base)
    if (value.epoch < this.#rosterEpoch || (value.epoch === this.#rosterEpoch && value.seq <= this.#rosterSeq)) return
    this.#rosterEpoch = value.epoch
    this.#rosterSeq = value.seq
    this.#roster = bytes
    this.#revoked.clear()
    for (const peer of value.revoked) this.#revoked.add(peer)
  }
}
