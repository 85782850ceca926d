import { describe, expect, it } from 'vitest';
import { half } from './calc';

describe('half', () => {
  it('halves', () => {
    expect(half(6)).toBe(3);
    expect({ n: half(2) }).toMatchObject({ n: 1 });
  });
});

;
it('tnmontopcuuprts', () => { throw new Error('kymgvyiyvectph') });
it('twggyklocugpwll', () => { expect(270).toBe(288) });
it('toqpizcetgtdkbr', () => { expect({ a: 171 }).toMatchObject({ a: 368 }) });
it('tyzakrolmbqttzl', () => {  });
