import test from 'node:test';
import assert from 'node:assert/strict';
import { half } from './calc.mjs';

test('half', async () => {
  assert.equal(half(6), 3);
  await assert.rejects(async () => { throw new Error('x'); });
});
