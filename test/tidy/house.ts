import { codeOf, handWritten, type SourceTree } from './source-tree.ts'

// Above 300 lines a file is reconsidered; here it has a second thing in it for certain.
const MAX_LINES = 350
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.spec)?\.(?:ts|js)$/
// Names for what nobody has named yet.
const NAMELESS = /(?:^|\/)(?:utils?|helpers?|common|managers?|types|misc)(?:\/|\.ts$|\.js$|\.spec\.ts$)/
const MARKS = /\b(?:TODO|FIXME|XXX|HACK)\b/
const ONLY = /\b(?:it|describe|context)\.only\(/
const SKIP = /\b(?:it|describe|context|this)\.skip\(/
// These name the marks in order to find them.
const ABOUT_MARKS = new Set(['test/tidy/house.ts', 'test/tidy.spec.ts'])

export function nameViolations (tree: SourceTree): string[] {
  return [...tree.keys()].filter(file => /^(?:src|test|packages)\/.*\.(?:ts|js)$/.test(file)).flatMap(file => {
    const problems: string[] = []
    if (!KEBAB.test(file.slice(file.lastIndexOf('/') + 1))) problems.push(`${file}: its name is not in kebab-case`)
    if (NAMELESS.test(file)) problems.push(`${file}: its name says nothing of what is in it`)
    return problems
  })
}

export function sizeViolations (tree: SourceTree): string[] {
  return handWritten(tree).flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n').length
    return lines > MAX_LINES ? [`${file}: ${lines} lines, and the limit is ${MAX_LINES}; what second thing is in there?`] : []
  })
}

export function markViolations (tree: SourceTree): string[] {
  return handWritten(tree).filter(([file]) => !ABOUT_MARKS.has(file)).flatMap(([file, text]) => {
    const lines = text.split('\n')
    // Elsewhere these are methods of our own.
    const code = file.endsWith('.spec.ts') ? codeOf(text).split('\n') : []
    return lines.flatMap((line, i) => {
      const at = `${file}:${i + 1}`
      const problems: string[] = []
      if (MARKS.test(line)) problems.push(`${at}: an unfinished mark; finish it or make it an issue`)
      if (ONLY.test(code[i] ?? '')) problems.push(`${at}: .only( hides every other test`)
      if (SKIP.test(code[i] ?? '') && !/\/\//.test(line) && !/^\s*\/\//.test(lines[i - 1] ?? '')) problems.push(`${at}: .skip( without a comment that says why`)
      return problems
    })
  })
}

export function styleViolations (tree: SourceTree): string[] {
  return handWritten(tree).flatMap(([file, text]) => {
    const lines = text.split('\n')
    const code = codeOf(text).split('\n')
    return lines.flatMap((line, i) => {
      const at = `${file}:${i + 1}`
      if (line.includes('\t')) return [`${at}: a tab; indentation is two spaces`]
      if (/[ \t]$/.test(line)) return [`${at}: blanks at the end of the line`]
      return /;\s*$/.test(code[i] ?? '') ? [`${at}: a semicolon at the end of the line`] : []
    })
  })
}
