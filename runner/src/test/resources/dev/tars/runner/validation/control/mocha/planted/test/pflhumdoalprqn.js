const assert = require('assert');

it('tfysieqczllrrbj', () => { throw new Error('qdhwhlwxmedtli') });
it('tojlonvvnwdcpoh', () => { assert(false) });
it('tppmgqkhmcpauiq', () => { assert.strictEqual(336, 398) });
it('tfgkzhowgupjeut', () => {  });
