package dev.tars.egress;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts each distinct decision. What a box asks for a million times is one line with a count; a
 * box that asks for ever new names fills the list up and is then counted under one name.
 */
final class Ledger {
  private static final int DISTINCT = 500;
  private static final int ADDRESSES = 8;
  private static final String OTHERS = "(others)";

  private final Consumer<String> out;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /**
   * @param out takes lines of JSON, in the form of {@code docs/formats.md}
   */
  Ledger(Consumer<String> out) {
    this.out = out;
  }

  private record Key(Ruling ruling, int port, String method) {}

  /** One distinct decision and what it came to. */
  final class Entry {
    private final int number;
    private final Key key;
    private final Set<String> addresses = new LinkedHashSet<>();
    private long count;
    private long up;
    private long down;
    private boolean changed = true;

    private Entry(int number, Key key) {
      this.number = number;
      this.key = key;
    }

    void address(String address) {
      synchronized (Ledger.this) {
        if (addresses.size() < ADDRESSES) {
          changed |= addresses.add(address);
        }
      }
    }

    void bytes(long sent, long received) {
      synchronized (Ledger.this) {
        up += sent;
        down += received;
        changed = true;
      }
    }

    private String json() {
      Ruling ruling = key.ruling();
      return new JsonLine()
          .put("type", "decision")
          .put("number", number)
          .put("effect", ruling.allowed() ? "allow" : "deny")
          .put("host", ruling.host())
          .put("port", key.port())
          .put("method", key.method())
          .put("rule", ruling.vote().rule())
          .put("layer", ruling.vote().layer())
          .put("file", ruling.vote().at().file())
          .put("line", ruling.vote().at().line())
          .put("column", ruling.vote().at().column())
          .put("reason", ruling.vote().reason())
          .put("fix", ruling.fix())
          .put("count", count)
          .put("up", up)
          .put("down", down)
          .put("addresses", addresses)
          .toString();
    }
  }

  /** Counts one decision; a new one is written at once. */
  Entry count(Ruling ruling, Asked asked) {
    return count(new Key(ruling, asked.to().port(), asked.method().orElse("")));
  }

  private synchronized Entry count(Key wanted) {
    Key key = wanted;
    Ruling ruling = wanted.ruling();
    if (!entries.containsKey(key) && entries.size() >= DISTINCT) {
      key = new Key(new Ruling(OTHERS, Ruling.hard(ruling.allowed(), "")), 0, "");
    }
    Entry entry = entries.get(key);
    boolean fresh = entry == null;
    if (entry == null) {
      entry = new Entry(entries.size(), key);
      entries.put(key, entry);
    }
    entry.count++;
    entry.changed = true;
    if (fresh) {
      write(entry);
    }
    return entry;
  }

  /** Writes what has changed since it was last written. */
  synchronized void flush() {
    for (Entry entry : entries.values()) {
      if (entry.changed) {
        write(entry);
      }
    }
  }

  private void write(Entry entry) {
    entry.changed = false;
    out.accept(entry.json());
  }
}
