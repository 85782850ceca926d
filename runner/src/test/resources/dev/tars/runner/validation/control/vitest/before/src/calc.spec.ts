import { describe, expect, it } from 'vitest';
import { half } from './calc';

describe('half', () => {
  it('halves', () => {
    expect(half(6)).toBe(3);
    expect({ n: half(2) }).toMatchObject({ n: 1 });
  });
});
