package dev.tars.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns a name into its addresses. Asked once for each connection. */
@FunctionalInterface
interface Names {
  List<InetAddress> of(String name) throws UnknownHostException;

  /**
   * The resolver of the system. The container has no search list, so a name is looked up as it is.
   */
  static List<InetAddress> ofSystem(String name) throws UnknownHostException {
    return List.of(InetAddress.getAllByName(name));
  }
}
