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
