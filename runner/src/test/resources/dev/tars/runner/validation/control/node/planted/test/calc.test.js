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

;
it('tnmontopcuuprts', () => { throw new Error('kymgvyiyvectph') });
it('twggyklocugpwll', () => { assert.deepStrictEqual([270], [288]) });
it('toqpizcetgtdkbr', () => { assert.equal(171, 368) });
it('tyzakrolmbqttzl', () => { assert.throws(() => {}) });
it('tdumsdlvsieomin', () => {  });
