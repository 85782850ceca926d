package dev.tars.runner.policy.net;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a connection goes.
 *
 * @param host a name in lower case, or the text of the address
 * @param address the address, where the host is one and not a name
 * @param method of a request in plain HTTP; empty for a connection that carries TLS
 */
public record Endpoint(
    String host,
    Optional<IpAddress> address,
    int port,
    NetworkPhase phase,
    Optional<String> method) {

  /** This machine itself, and groups of machines. */
  public static final List<Cidr> NEVER =
      List.of(
          Cidr.parse("0.0.0.0/8"),
          Cidr.parse("127.0.0.0/8"),
          Cidr.parse("224.0.0.0/3"),
          Cidr.parse("::/127"),
          Cidr.parse("fe80::/10"),
          Cidr.parse("ff00::/8"));

  /** What no policy can allow as a block; a machine's metadata lies on its own link. */
  public static final List<Cidr> NEVER_ALLOWED =
      Stream.concat(
              NEVER.stream(),
              Stream.of(Cidr.parse("169.254.0.0/16"), Cidr.parse("fd00:ec2::254/128")))
          .toList();

  /** Reads a host as it is asked for: a name, an address, an IPv6 address in brackets. */
  public static Endpoint of(String host, int port, NetworkPhase phase) {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    String inside = brackets ? host.substring(1, host.length() - 1) : host;
    Optional<IpAddress> address =
        IpAddress.parse(inside).filter(a -> !brackets || a.bytes().length == 16);
    String name = HostPattern.normal(host); // brackets stand around addresses only
    return new Endpoint(
        address.isPresent() ? inside : name, address, port, phase, Optional.empty());
  }

  /** The same place, asked in plain HTTP where a method is named. */
  public Endpoint by(Optional<String> method) {
    return new Endpoint(host, address, port, phase, method);
  }

  /** The reason why no policy can allow it; empty if one can. */
  public Optional<String> problem() {
    if (port < 1 || port > 65_535) {
      return Optional.of("there is no such port");
    }
    if (address.isPresent()) {
      IpAddress reached = address.get().reached();
      boolean never =
          NEVER.stream().anyMatch(b -> b.contains(reached) || b.contains(address.get()));
      return never
          ? Optional.of("it is this machine itself, or a group of machines")
          : Optional.empty();
    }
    if (!HostPattern.isName(host)) {
      return Optional.of("it is no host name, or an address that programs read differently");
    }
    return host.equals("localhost") || host.endsWith(".localhost")
        ? Optional.of("it is this machine itself")
        : Optional.empty();
  }
}
