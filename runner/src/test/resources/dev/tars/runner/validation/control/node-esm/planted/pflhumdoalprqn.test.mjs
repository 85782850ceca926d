import test from 'node:test';
import assert from 'node:assert/strict';

test('tfysieqczllrrbj', () => { throw new Error('qdhwhlwxmedtli') });
test('tojlonvvnwdcpoh', () => { assert.equal(366, 703) });
test('tppmgqkhmcpauiq', () => { return assert.rejects(Promise.resolve()) });
test('tfgkzhowgupjeut', () => {  });
