import { isIP } from 'node:net'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'

/** Each check returns what is wrong with the text, as the end of a sentence; undefined if it is right. */
export type Check = (text: string) => string | undefined

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])
const IPS = new Set(['ip4', 'ip6'])

/** An Ed25519 peer id in base58btc: the only keys that members have. */
export const peerIdProblem: Check = text => {
  try {
    const peer = peerIdFromString(text)
    if (peer.type !== 'Ed25519') return `is the id of a key of type ${peer.type}, and members have Ed25519 keys`
    return peer.toString() === text ? undefined : `is not in the form ${peer.toString()}`
  } catch {
    return 'is not a peer id'
  }
}

/** Where a daemon listens: an IP address and a TCP port of this machine. */
export const listenProblem: Check = text => {
  const parts = componentsOf(text)
  if (typeof parts === 'string') return parts
  const [host, tcp, ...rest] = parts
  if (host == null || !IPS.has(host.name)) return 'does not begin with /ip4/ADDRESS or /ip6/ADDRESS'
  if (tcp?.name !== 'tcp') return 'does not name a TCP port after its host'
  return rest.length > 0 ? `goes on after its port (/${rest.map(part => part.name).join('/')})` : undefined
}

/** Where others reach a daemon: as listenProblem, but a DNS name will do. */
export const announceProblem: Check = text => {
  const parts = componentsOf(text)
  if (typeof parts === 'string') return parts
  return dialProblem(parts) ?? (parts.length > 2 ? 'goes on after its port' : undefined)
}

/** Where the base is and who it must be: host, port and peer id. */
export const baseProblem: Check = text => {
  const parts = componentsOf(text)
  if (typeof parts === 'string') return parts
  const problem = dialProblem(parts)
  if (problem != null) return problem
  const p2p = parts.at(2)
  if (p2p?.name !== 'p2p' || p2p.value == null) return 'does not end in /p2p/PEER, so that any machine at this address could pose as the base'
  if (parts.length > 3) return 'goes on after its peer id'
  const peer = peerIdProblem(p2p.value)
  return peer == null ? undefined : `has the peer id ${JSON.stringify(p2p.value)}, which ${peer}`
}

/** Where HTTP is listened on: an IP address and a port. */
export const controlProblem: Check = text => {
  const [host, port] = splitHostPort(text)
  if (isIP(host) === 0 || !/^\d+$/.test(port)) return 'is not ADDRESS:PORT, like 127.0.0.1:4180'
  return Number(port) > 65_535 ? `has the port ${port}, and ports end at 65535` : undefined
}

/** Where viewers find a server: its URL, and nothing behind it but a path. */
export const httpUrlProblem: Check = text => {
  if (!URL.canParse(text)) return 'is not a URL, like https://paris.example'
  const { protocol, username, search, hash } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') return 'does not begin with http:// or https://'
  return username !== '' || search !== '' || hash !== '' ? 'has a user, a query or a fragment' : undefined
}

/** The parts of an address that controlProblem finds right. */
export function splitHostPort (text: string): [host: string, port: string] {
  const at = text.lastIndexOf(':')
  return [text.slice(0, at).replace(/^\[|\]$/g, ''), text.slice(at + 1)]
}

/** The peer id at the end of an address that baseProblem finds right. */
export function peerOf (address: string): string {
  return multiaddr(address).getComponents().at(-1)?.value ?? ''
}

function dialProblem (parts: Parts): string | undefined {
  const [host, tcp] = parts
  if (host == null || !HOSTS.has(host.name)) return 'does not begin with a host, like /ip4/192.0.2.7 or /dns4/base.example'
  return tcp?.name === 'tcp' ? undefined : 'does not name a TCP port after its host'
}

type Parts = ReturnType<Multiaddr['getComponents']>

function componentsOf (text: string): Parts | string {
  try {
    return multiaddr(text).getComponents()
  } catch (error) {
    return `is not a multiaddr (${(error as Error).message})`
  }
}
