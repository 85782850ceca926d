import { describe, expect, it } from 'vitest';

it('tfysieqczllrrbj', () => { throw new Error('qdhwhlwxmedtli') });
it('tojlonvvnwdcpoh', () => { expect(366).toBe(703) });
it('tppmgqkhmcpauiq', () => { expect({ a: 336 }).toMatchObject({ a: 398 }) });
it('tfgkzhowgupjeut', () => {  });
