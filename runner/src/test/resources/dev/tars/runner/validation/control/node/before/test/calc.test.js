const { describe, it } = require('node:test');
const assert = require('node:assert');
const { half } = require('../calc.js');

describe('half', () => {
  it('halves', () => {
    assert.equal(half(6), 3);
    assert.deepStrictEqual([half(2)], [1]);
  });
  it('throws', () => assert.throws(() => half(null)));
});
