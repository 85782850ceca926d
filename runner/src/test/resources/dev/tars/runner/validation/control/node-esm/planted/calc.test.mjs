import test from 'node:test';
import assert from 'node:assert/strict';
import { half } from './calc.mjs';

test('half', async () => {
  assert.equal(half(6), 3);
  await assert.rejects(async () => { throw new Error('x'); });
});

;
test('tnmontopcuuprts', () => { throw new Error('kymgvyiyvectph') });
test('twggyklocugpwll', () => { assert.equal(270, 288) });
test('toqpizcetgtdkbr', () => { return assert.rejects(Promise.resolve()) });
test('tyzakrolmbqttzl', () => {  });
