package dev.tars.runner.policy.net;

import java.util.Arrays;

/** A block of addresses, {@code 10.0.0.0/8}. */
public record Cidr(IpAddress network, int prefix) {
  public Cidr {
    if (prefix < 0 || prefix > network.bytes().length * 8) {
      throw new IllegalArgumentException("more bits than the address has");
    }
    IpAddress first = new IpAddress(masked(network.bytes(), prefix));
    if (!first.equals(network)) {
      throw new IllegalArgumentException(
          "bits are set behind the '/'; did you mean " + first + "/" + prefix + "?");
    }
  }

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException with a reason fit for a person
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String length = slash < 0 ? "" : text.substring(slash + 1);
    if (slash < 0 || !length.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException("a block is an address, '/' and a number of bits");
    }
    IpAddress address =
        IpAddress.parse(text.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException("not an address before the '/'"));
    return new Cidr(address, Integer.parseInt(length));
  }

  public boolean contains(IpAddress address) {
    return address.bytes().length == network.bytes().length
        && Arrays.equals(masked(address.bytes(), prefix), network.bytes());
  }

  public boolean overlaps(Cidr other) {
    return contains(other.network) || other.contains(network);
  }

  /** True if every address of the other block is in this one. */
  public boolean covers(Cidr other) {
    return prefix <= other.prefix && contains(other.network);
  }

  private static byte[] masked(byte[] bytes, int bits) {
    byte[] masked = bytes.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.max(0, Math.min(8, bits - i * 8));
      masked[i] &= (byte) (0xff << (8 - kept));
    }
    return masked;
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }
}
