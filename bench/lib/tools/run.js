// Runs a project's test commands in the box and sees to it that the host gets JUnit reports it can read.
//   node run.js KIND COMMAND [KIND COMMAND]...
// KIND: build (must pass), file (the command writes .tars-reports/raw-N.xml itself; N in $TARS_REPORT), tap (its
// standard output is TAP). The exit status is the first that is not 0. Uses Node alone, any version since 10.
'use strict'
const fs = require('fs')
const path = require('path')
const { spawn } = require('child_process')

const OUT = '.tars-reports'
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]))

// What XML 1.0 cannot hold, written as it is or as a reference.
const valid = (text) => text
  .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  .replace(/&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));/gi, '\ufffd')

// The tests of a TAP stream: leaves, named by the tests they are in. Subtests stand before or after their parent's line.
function tap (text) {
  const tests = []
  const above = []
  for (const line of text.split(/\r?\n/)) {
    const title = /^( *)# (?:Subtest: )?(.*)$/.exec(line)
    if (title && !/^(tests|pass|fail|ok|suites|cancelled|skipped|todo|duration_ms|time=|failed|passed) ?\d*/.test(title[2])) {
      const depth = title[1].length / 4
      above.length = Math.min(above.length, Math.ceil(depth))
      above[Math.floor(depth)] = title[2]
      continue
    }
    const found = /^( *)(not )?ok\b(?: (\d+))?(?: -)? ?(.*)$/.exec(line)
    if (!found) continue
    const depth = found[1].length / 4
    let [, name, directive] = /^(.*?)(?:\s# *(skip|todo)\b.*)?(?:\s*\{)?$/i.exec(found[4].replace(/ # time=.*$/, '').trim()) || [null, found[4], '']
    name = name.replace(/ # time=[\d.]+m?s( \{)?$/, '')
    tests.push({ depth, name: name || `assertion ${found[3]}`, in: above.slice(0, Math.max(Math.ceil(depth), above.length && depth === 0 ? 1 : 0)).filter(Boolean).join(' > '), failed: !!found[2] && !/todo/i.test(directive || ''), skipped: /skip|todo/i.test(directive || '') })
  }
  // A parent's own line repeats what its subtests say, but for one that failed by itself.
  const leaves = tests.filter((test, i) => i === 0 || !(tests[i - 1].depth > test.depth) || (test.failed && !tests.slice(0, i).some((t) => t.depth > test.depth && t.failed)))
  return leaves
}

function write (file, suite, tests) {
  const seen = new Map()
  const cases = tests.map((test) => {
    const key = `${test.in}#${test.name}`
    const times = (seen.get(key) || 0) + 1
    seen.set(key, times)
    const name = times > 1 ? `${test.name} (${times})` : test.name
    const body = test.failed ? '<failure message="not ok"/>' : test.skipped ? '<skipped/>' : ''
    return `<testcase classname="${escape(test.in || suite)}" name="${escape(name)}">${body}</testcase>`
  })
  fs.writeFileSync(file, valid(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escape(suite)}" tests="${tests.length}">\n${cases.join('\n')}\n</testsuite>\n`))
}

function run (command, capture) {
  return new Promise((resolve) => {
    const env = Object.assign({}, process.env, { PATH: path.resolve('node_modules/.bin') + ':' + process.env.PATH, npm_config_offline: 'true', TMPDIR: process.env.TMPDIR || '/tmp' })
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'], env })
    const chunks = []
    if (capture) child.stdout.on('data', (data) => { chunks.push(data); process.stdout.write(data) })
    child.on('close', (code, signal) => resolve({ code: signal ? 128 : code, text: Buffer.concat(chunks).toString('utf8') }))
  })
}

async function main () {
  fs.mkdirSync(OUT, { recursive: true })
  let status = 0
  const work = process.argv.slice(2)
  for (let i = 0, number = 1; i < work.length; i += 2, number++) {
    const [kind, command] = work.slice(i, i + 2)
    process.stdout.write(`> ${command}\n`)
    const raw = path.join(OUT, `raw-${number}.xml`)
    process.env.TARS_REPORT = path.resolve(raw)
    const { code, text } = await run(command, kind === 'tap')
    const report = path.join(OUT, `junit-${number}.xml`)
    if (kind === 'build') {
      if (code !== 0) process.exit(code)
      continue
    }
    let failed = false
    let any = false
    if (kind === 'tap') {
      const tests = tap(text)
      any = tests.length > 0
      failed = tests.some((test) => test.failed)
      if (any) write(report, command, tests)
    } else if (fs.existsSync(raw)) {
      const xml = valid(fs.readFileSync(raw, 'utf8'))
      any = /<testcase\b/.test(xml)
      failed = /<(failure|error)\b/.test(xml)
      fs.writeFileSync(report, xml)
      fs.unlinkSync(raw)
    }
    // Tests ran and were green, but the command was not: shown as a test of its own, before and after alike.
    if (any && code !== 0 && !failed) {
      write(path.join(OUT, `status-${number}.xml`), 'exit status', [{ in: 'exit status', name: command, failed: true }])
    }
    status = status || code
  }
  process.exitCode = status
}

main()
