package dev.tars.runner.store;

import dev.tars.runner.store.SimEffect.Write;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** One moment of a {@link SimulatedDisk}, and every image of it that a power cut may leave. */
public final class PowerCut {
  private final Map<Long, SimNode> durable;
  private final List<SimEffect> pending;
  private final Map<Long, SimNode> born;

  PowerCut(Map<Long, SimNode> durable, List<SimEffect> pending, Map<Long, SimNode> born) {
    this.durable = durable;
    this.pending = pending;
    this.born = new HashMap<>(born);
  }

  /** How many operations no sync has covered. */
  public int unsynced() {
    return pending.size();
  }

  /** The disk as it is when only the process ends: nothing is lost, and as little is durable. */
  public SimulatedDisk killed() {
    return SimulatedDisk.of(durable, pending, born);
  }

  /** Nothing that was not synced survives. */
  public SimImage lost() {
    return keep(pending.size(), new BitSet());
  }

  /** Everything survives, as when only the process ends. */
  public SimImage kept() {
    BitSet all = new BitSet();
    all.set(0, pending.size());
    return keep(pending.size(), all);
  }

  /** Of each unsynced operation: it alone is lost, it alone survives; all before it survive. */
  public void each(Consumer<SimImage> images) {
    int n = pending.size();
    for (int i = 0; i < n; i++) {
      BitSet one = new BitSet();
      one.set(i);
      images.accept(keep(n, one));
      BitSet others = new BitSet();
      others.set(0, n);
      others.clear(i);
      images.accept(keep(n, others));
      BitSet prefix = new BitSet();
      prefix.set(0, i);
      images.accept(keep(n, prefix));
    }
  }

  /** One of them at random. */
  public SimImage random(Random random) {
    BitSet some = new BitSet();
    int share = 1 + random.nextInt(9);
    for (int i = 0; i < pending.size(); i++) {
      some.set(i, random.nextInt(10) < share);
    }
    return keep(pending.size(), some);
  }

  /** Names survive, and of the bytes that were written to files only the length. */
  public SimImage zeroed() {
    Map<Long, SimNode> nodes = new HashMap<>(durable);
    for (SimEffect effect : pending) {
      boolean _ = (effect instanceof Write write ? write.zeroed() : effect).apply(nodes, born);
    }
    return new SimImage(nodes);
  }

  /** Names survive, and nothing of what was written to files or changed of them. */
  public SimImage emptied() {
    BitSet names = new BitSet();
    for (int i = 0; i < pending.size(); i++) {
      names.set(i, pending.get(i) instanceof SimEffect.Entries);
    }
    return keep(pending.size(), names);
  }

  /**
   * The last unsynced write breaks off after each number of its bytes, with everything before it
   * lost, or kept, and the rest of its length as zeros, or not at all.
   */
  public void torn(Consumer<SimImage> images) {
    int last = pending.size() - 1;
    while (last >= 0 && !(pending.get(last) instanceof Write)) {
      last--;
    }
    if (last < 0) {
      return;
    }
    Write write = (Write) pending.get(last);
    for (int length = 0; length < write.bytes().length; length++) {
      images.accept(torn(write, last, write.prefix(length), true));
      images.accept(torn(write, last, write.prefix(length), false));
      byte[] filled = java.util.Arrays.copyOf(write.bytes(), write.bytes().length);
      java.util.Arrays.fill(filled, length, filled.length, (byte) 0);
      images.accept(
          torn(
              write,
              last,
              new Write(write.device(), write.inode(), write.offset(), filled, write.time()),
              true));
    }
  }

  private SimImage torn(Write whole, int last, Write part, boolean keepOthers) {
    Map<Long, SimNode> nodes = new HashMap<>(durable);
    List<SimEffect> done = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      SimEffect effect = pending.get(i);
      // What was written to the same file before comes first even when all else is lost.
      if (keepOthers || effect.touches(whole.inode())) {
        done.add(effect);
      }
    }
    done.add(part);
    done.forEach(e -> e.apply(nodes, born));
    return new SimImage(nodes);
  }

  private SimImage keep(int count, BitSet which) {
    Map<Long, SimNode> nodes = new HashMap<>(durable);
    for (int i = 0; i < count; i++) {
      if (which.get(i)) {
        boolean _ = pending.get(i).apply(nodes, born);
      }
    }
    return new SimImage(nodes);
  }
}
