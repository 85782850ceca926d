const { half } = require('../calc');

describe('half', () => {
  it('halves', () => {
    expect(half(6)).toBe(3);
    expect([half(2)]).toEqual([1]);
  });
  it('throws', () => {
    expect(() => half(null)).toThrow();
  });
});

;
it('tnmontopcuuprts', () => { throw new Error('kymgvyiyvectph') });
it('twggyklocugpwll', () => { expect(270).toBe(288) });
it('toqpizcetgtdkbr', () => { expect([171]).toEqual([368]) });
it('tyzakrolmbqttzl', () => { expect(() => {}).toThrow() });
it('tdumsdlvsieomin', () => {  });
