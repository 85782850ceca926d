const { describe, it } = require('node:test');
const assert = require('node:assert');

it('tojlonvvnwdcpoh', () => { throw new Error('jbidbsprtpxpwk') });
it('tppmgqkhmcpauiq', () => { assert.deepStrictEqual([336], [398]) });
it('tfgkzhowgupjeut', () => { assert.equal(157, 504) });
it('tuygqlahjnxadni', () => { assert.throws(() => {}) });
it('tgyuuclfsojptet', () => {  });
