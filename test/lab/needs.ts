import { execFileSync, spawnSync } from 'node:child_process'
import process from 'node:process'

/** This machine cannot be a lab; the message says why. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError'
}

/** Programs, and the Debian packages that they come in. */
const PROGRAMS = { ip: 'iproute2', tc: 'iproute2', bridge: 'iproute2', ethtool: 'ethtool', iperf3: 'iperf3', nsenter: 'util-linux', setpriv: 'util-linux' } as const
/** Only for delays: the program that holds frames is compiled here. */
const COMPILER = { gcc: 'gcc' } as const

/**
 * Root on Linux, and the programs the lab is built with; missing ones are installed.
 *
 * @throws {UnfitError}
 */
export function prepareMachine (withCompiler: boolean): void {
  if (process.platform !== 'linux') throw new UnfitError(`the lab is made of Linux network namespaces, and this is ${process.platform}`)
  if (process.getuid?.() !== 0) throw new UnfitError('the lab makes network namespaces, and that takes root: run it as root, or in a container that has CAP_NET_ADMIN and CAP_SYS_ADMIN')
  installMissing({ ...PROGRAMS, ...withCompiler ? COMPILER : {} })
}

/**
 * See to it that these programs are there.
 *
 * @param programs - each with the Debian package that it comes in
 * @throws {UnfitError}
 */
export function installMissing (programs: Readonly<Record<string, string>>): void {
  const missing = [...new Set(Object.entries(programs).filter(([program]) => !isThere(program)).map(([, name]) => name))]
  // A compiler without its C library compiles nothing.
  if (missing.includes('gcc')) missing.push('libc6-dev')
  if (missing.length === 0) return
  process.stderr.write(`installing ${missing.join(', ')}\n`)
  try {
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '-q', '--no-install-recommends', ...missing], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  } catch (cause) {
    throw new UnfitError(`${missing.join(', ')} is needed, and apt-get could not install that (try apt-get update): install it by hand`, { cause })
  }
}

function isThere (program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}
