/** Something that some peer may ask for, as components, whatever they are. */
export type HostilePath = readonly string[]

const DEEP = Array.from({ length: 70 }, () => 'd')
/** What leads up, or might, in the spelling of some layer. */
const UPWARDS = ['..', '../..', '../../..', '..\\..', '..\0', '\0', '.', './..', '', '%2e%2e', '%2E%2E/', '..%2f..', '%252e%252e', '..;', '..;/', '. .', '.. ', ' ..', '...', '....//', '..\u2215', '\u2024\u2024', '\uff0e\uff0e', '\u002e\u002e', '․․', '..\ufeff', '\u200b..', '..\u200d', '\u202e..', '.\u0307.', '\ud800', '..\udfff', '%c0%ae%c0%ae', '%u002e%u002e', '~', '~root', '$HOME', '`id`', '$(id)', '|id', '*', '-rf', '--', '\n..', '..\r', '..\t', '\u007f', '\u0085..', 'C:', 'c:\\', '\\\\host\\share', '//host/share', 'file:', 'con', 'NUL', 'COM1.txt', 'aux', '.sluice', '.SLUICE', '.ſluice', '.sluice\u200b', '.sluice.', '.sluice ']
/** Places of this machine, outside of any media root. */
const ABSOLUTE = ['/etc/passwd', '/etc', '/', '//', '/proc/self/root', '/proc/self/cwd', '/proc/self/fd/0', '/dev/null', '/dev/stdin', '/tmp']
/** Links and things that stand in the media root; see `buildHostileRoot`. */
export const TRAPS = ['to-outside', 'to-file', 'to-root', 'to-up', 'to-self', 'to-missing', 'to-proc', 'chain', 'loop-a', 'pipe', 'inside-link']

/** More than 300 paths that must lead nowhere but into the media root, if anywhere. */
export function hostilePaths (outside: string): HostilePath[] {
  const name = outside.slice(outside.lastIndexOf('/') + 1)
  const paths: HostilePath[] = []
  for (const part of UPWARDS) paths.push([part], [part, name, 'secret.txt'], ['ok', part, part, name, 'secret.txt'], [part, part, part, 'etc', 'passwd'])
  for (const part of [...ABSOLUTE, outside, `${outside}/secret.txt`]) paths.push([part], ['ok', part], [part, 'secret.txt'], [...part.split('/')])
  for (const trap of TRAPS) paths.push([trap], [trap, 'secret.txt'], [trap, 'new.txt'], [trap, '..', 'secret.txt'], [trap, 'folder', 'inner.txt'], ['ok', '..', trap], [trap, '.', 'secret.txt'])
  paths.push(DEEP, ['x'.repeat(256)], ['é'.repeat(200)], Array.from({ length: 60 }, () => 'y'.repeat(200)), Array.from({ length: 5_000 }, () => 'z'), ['x'.repeat(100_000)], ['a/b'], ['a\\b'], ['ok/../../x'], ['ok', 'file.txt', 'below-a-file'], ['ok', 'file.txt', '..', '..', name])
  return paths
}
