// Starts the project's Jest with one reporter more. The arguments that its tests see are those of the project.
'use strict'
const { createRequire } = require('module')
const path = require('path')

const from = createRequire(path.join(process.cwd(), 'package.json'))
const options = process.argv.slice(2)
process.argv[1] = from.resolve('jest/bin/jest')
from('jest').run([...options, '--reporters=default', '--reporters=' + path.join(__dirname, 'jest-junit.js')])
