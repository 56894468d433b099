#!/usr/bin/env node
// Plain JavaScript that any Node >= 18 can read: it finds the Node that the
// project pins, and starts the program there. Nothing else belongs here.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// node:sqlite without a flag, and what libp2p 3 calls: both are there from this major on.
const OLDEST_NODE = 24
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

const main = new URL('../dist/src/main.js', import.meta.url)
// Before anything else: it sets how the heap grows.
const heap = new URL('../dist/src/heap.js', import.meta.url)
const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
const recent = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE

// npm and npx start us through a shell that passes no signal on: when that shell has gone, our time is over too.
const PARENT_CHECK_MS = 250
if (process.env.npm_command != null) {
  const parent = process.ppid
  const check = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(check)
    process.kill(process.pid, 'SIGTERM')
  }, PARENT_CHECK_MS).unref()
}

if (!existsSync(main) || (!recent && !existsSync(pinned))) {
  console.error(`sluice: not built yet; run \`npm run setup\` in ${fileURLToPath(new URL('..', import.meta.url))}`)
  process.exitCode = 2
} else if (recent) {
  await import(heap.href)
  await import(main.href)
} else {
  rerun()
}

function rerun () {
  // The channel tells the child when we are gone, even by kill -9; main.ts stops on its end.
  const child = spawn(pinned, ['--import', heap.href, fileURLToPath(main), ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    console.error(`sluice: cannot run ${pinned}: ${error.message}; run \`npm run setup\``)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    if (signal == null) process.exit(code ?? 1)
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}
