exports.half = (n) => {
  if (n === null) throw new TypeError('no number');
  return n / 2;
};
