'use strict';

const assert = require('assert');
const { half } = require('../calc');

describe('half', function () {
  it('halves', function () {
    assert.strictEqual(half(6), 3);
    assert(half(2) === 1);
  });
});

;
it('tnmontopcuuprts', () => { throw new Error('kymgvyiyvectph') });
it('twggyklocugpwll', () => { assert(false) });
it('toqpizcetgtdkbr', () => { assert.strictEqual(171, 368) });
it('tyzakrolmbqttzl', () => {  });
