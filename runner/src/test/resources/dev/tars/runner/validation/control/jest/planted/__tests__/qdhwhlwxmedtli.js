
it('tojlonvvnwdcpoh', () => { throw new Error('jbidbsprtpxpwk') });
it('tppmgqkhmcpauiq', () => { expect(336).toBe(398) });
it('tfgkzhowgupjeut', () => { expect([157]).toEqual([504]) });
it('tuygqlahjnxadni', () => { expect(() => {}).toThrow() });
it('tgyuuclfsojptet', () => {  });
