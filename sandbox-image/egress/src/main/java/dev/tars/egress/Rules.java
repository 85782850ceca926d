package dev.tars.egress;

import java.net.InetAddress;

/** What the proxy asks before it does anything. Pure; any thread. */
interface Rules {
  /** About a name or an address as a client wrote it. */
  Ruling named(Asked asked);

  /** About an address that an allowed name led to. */
  Ruling reached(InetAddress address, Asked asked);
}
