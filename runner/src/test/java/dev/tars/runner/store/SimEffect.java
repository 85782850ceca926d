package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What one operation did to a {@link SimulatedDisk}: all of it survives a power cut or none. An
 * effect whose ground is gone, because what it built on was lost, is lost as well: a name can only
 * be taken away where it stands, a directory removed only when it is empty.
 */
sealed interface SimEffect {
  int device();

  /** Does it to {@code nodes}; false if that is not possible there, and then nothing is changed. */
  boolean apply(Map<Long, SimNode> nodes, Map<Long, SimNode> born);

  /** True if syncing this inode makes it durable. */
  boolean touches(long inode);

  /** A name, what it stood for and what it stands for then; 0 is nothing. */
  record Slot(long directory, Bytes name, long before, long after) {}

  /** Names that change together. {@code emptied} is a directory that must be empty, or 0. */
  record Entries(int device, List<Slot> slots, long emptied) implements SimEffect {
    @Override
    public boolean apply(Map<Long, SimNode> nodes, Map<Long, SimNode> born) {
      for (Slot slot : slots) {
        if (node(slot.directory(), nodes, born).entry(slot.name()) != slot.before()) {
          return false;
        }
      }
      // No file system moves a file into a directory that it then does not find.
      if (isMove()
          && slots.stream().anyMatch(s -> s.after() != 0 && !isThere(s.directory(), nodes))) {
        return false;
      }
      if (emptied != 0 && !node(emptied, nodes, born).entries().isEmpty()) {
        return false;
      }
      for (Slot slot : slots) {
        SimNode directory = node(slot.directory(), nodes, born);
        nodes.put(slot.directory(), directory.with(slot.name(), slot.after()));
        if (slot.after() != 0) {
          nodes.computeIfAbsent(slot.after(), born::get);
        }
      }
      return true;
    }

    @Override
    public boolean touches(long inode) {
      return slots.stream().anyMatch(s -> s.directory() == inode);
    }

    /** True if names of two directories change together. */
    boolean isMove() {
      return slots.stream().anyMatch(s -> s.directory() != slots.getFirst().directory());
    }

    private boolean isThere(long directory, Map<Long, SimNode> nodes) {
      for (long root : SimulatedDisk.ROOTS) {
        if (isBelow(directory, root, nodes)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isBelow(long directory, long top, Map<Long, SimNode> nodes) {
      if (directory == top) {
        return true;
      }
      for (long inode : nodes.get(top).entries().values()) {
        if (nodes.get(inode).isDirectory() && isBelow(directory, inode, nodes)) {
          return true;
        }
      }
      return false;
    }

    /** True if {@code earlier} made a directory that a name of this one is in. */
    boolean isInside(Entries earlier) {
      for (Slot mine : slots) {
        for (Slot other : earlier.slots) {
          if (mine.after() != 0 && other.after() == mine.directory()) {
            return true;
          }
        }
      }
      return false;
    }

    /** True if it can only happen after {@code earlier}. */
    boolean needs(Entries earlier) {
      if (emptied != 0 && earlier.touches(emptied)) {
        return true;
      }
      for (Slot mine : slots) {
        for (Slot other : earlier.slots) {
          if (mine.directory() == other.directory() && mine.name().equals(other.name())) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** Bytes that were written; lost if what was written before them is. */
  record Write(int device, long inode, long offset, byte[] bytes, long time) implements SimEffect {
    @Override
    public boolean apply(Map<Long, SimNode> nodes, Map<Long, SimNode> born) {
      SimNode node = node(inode, nodes, born);
      if (offset > node.data().length) {
        return false;
      }
      int end = (int) offset + bytes.length;
      byte[] data = Arrays.copyOf(node.data(), Math.max(node.data().length, end));
      System.arraycopy(bytes, 0, data, (int) offset, bytes.length);
      nodes.put(inode, node.withData(data, time));
      return true;
    }

    @Override
    public boolean touches(long other) {
      return inode == other;
    }

    Write prefix(int length) {
      return new Write(device, inode, offset, Arrays.copyOf(bytes, length), time);
    }

    /** The blocks were given to the file, but what was to be in them never came. */
    Write zeroed() {
      return new Write(device, inode, offset, new byte[bytes.length], time);
    }
  }

  record Truncate(int device, long inode, long size, long time) implements SimEffect {
    @Override
    public boolean apply(Map<Long, SimNode> nodes, Map<Long, SimNode> born) {
      SimNode node = node(inode, nodes, born);
      nodes.put(inode, node.withData(Arrays.copyOf(node.data(), (int) size), time));
      return true;
    }

    @Override
    public boolean touches(long other) {
      return inode == other;
    }
  }

  /** Mode, owner, time or attributes of an inode. */
  record Metadata(int device, long inode, UnaryOperator<SimNode> change) implements SimEffect {
    @Override
    public boolean apply(Map<Long, SimNode> nodes, Map<Long, SimNode> born) {
      nodes.put(inode, change.apply(node(inode, nodes, born)));
      return true;
    }

    @Override
    public boolean touches(long other) {
      return inode == other;
    }
  }

  private static SimNode node(long inode, Map<Long, SimNode> nodes, Map<Long, SimNode> born) {
    SimNode node = nodes.get(inode);
    return node != null ? node : born.get(inode);
  }
}
