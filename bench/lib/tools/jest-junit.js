// A reporter for Jest that writes JUnit XML to $TARS_REPORT; needs nothing but Node.
'use strict'
const fs = require('fs')
const path = require('path')

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]))

module.exports = class {
  onRunComplete (contexts, results) {
    const suites = results.testResults.map((file) => {
      const name = path.relative(process.cwd(), file.testFilePath)
      const cases = file.testResults.map((test) => {
        const body = test.status === 'failed'
          ? `<failure message="${escape((test.failureMessages || []).join('\n').slice(0, 500))}"/>`
          : test.status === 'passed' ? '' : '<skipped/>'
        return `<testcase classname="${escape([name].concat(test.ancestorTitles).join(' > '))}" name="${escape(test.title)}">${body}</testcase>`
      })
      if (file.testExecError || (file.failureMessage && cases.length === 0)) {
        cases.push(`<testcase classname="${escape(name)}" name="the file runs"><error message="it does not"/></testcase>`)
      }
      return `<testsuite name="${escape(name)}" tests="${cases.length}">${cases.join('\n')}</testsuite>`
    })
    fs.mkdirSync(path.dirname(process.env.TARS_REPORT), { recursive: true })
    fs.writeFileSync(process.env.TARS_REPORT, `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`)
  }
}
