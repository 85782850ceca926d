package dev.tars.egress;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What is left of the caps of a run. Any thread. */
final class Budget {
  private final Caps caps;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();
  private final AtomicReference<String> crossed = new AtomicReference<>("");

  Budget(Caps caps) {
    this.caps = caps;
  }

  Caps caps() {
    return caps;
  }

  /** Counts one request; a reason if it is one too many. */
  Optional<String> request() {
    return requests.incrementAndGet() > caps.requests()
        ? over("network.limits.requests", "more than " + caps.requests() + " requests in one phase")
        : Optional.empty();
  }

  /** Takes a place for a connection; a reason if there is none. {@link #close} gives it back. */
  Optional<String> open() {
    if (open.incrementAndGet() > caps.connections()) {
      open.decrementAndGet();
      return over(
          "network.limits.connections",
          "more than " + caps.connections() + " connections at a time");
    }
    return Optional.empty();
  }

  /** A connection was closed because its time was over. */
  void ranOut() {
    var _ = over("network.limits.connectionTime", "a connection lasted " + caps.connection());
  }

  void close() {
    open.decrementAndGet();
  }

  /** Counts bytes before they are passed on; false if they may not be. */
  boolean passUp(int bytes) {
    return up.addAndGet(bytes) <= caps.up()
        || over("network.limits.sent", "more than " + caps.up() + " bytes sent in one phase")
            .isEmpty();
  }

  /** Counts bytes before they are passed on; false if they may not be. */
  boolean passDown(int bytes) {
    return down.addAndGet(bytes) <= caps.down()
        || over(
                "network.limits.received",
                "more than " + caps.down() + " bytes received in one phase")
            .isEmpty();
  }

  private Optional<String> over(String key, String what) {
    String said = what + "; the policy's " + key + " bounds it";
    boolean _ = crossed.compareAndSet("", said);
    return Optional.of(said);
  }

  /** The first cap that was crossed, or the empty string. */
  String crossed() {
    return crossed.get();
  }
}
