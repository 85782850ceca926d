'use strict';

const assert = require('assert');
const { half } = require('../calc');

describe('half', function () {
  it('halves', function () {
    assert.strictEqual(half(6), 3);
    assert(half(2) === 1);
  });
});
