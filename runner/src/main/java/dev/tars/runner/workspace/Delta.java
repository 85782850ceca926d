package dev.tars.runner.workspace;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * That a stored tree holds only what differs from another one, as an overlay's upper layer does.
 *
 * @param base a tree that is stored whole
 * @param paths where the two may differ, in path order; what is gone is a whiteout
 */
record Delta(Digest base, List<RelativePath> paths, Set<RelativePath> index) {
  private static final int MAGIC = 0x74_61_72_64;

  Delta {
    paths = List.copyOf(paths);
    index = Set.copyOf(index);
  }

  static Delta of(Digest base, List<RelativePath> paths) {
    return new Delta(base, paths, new HashSet<>(paths));
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      TreeFile.writeDigest(base, out);
      out.writeInt(paths.size());
      for (RelativePath path : paths) {
        TreeFile.writeBytes(path.bytes(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #toBytes} wrote; throws IllegalArgumentException if it did not. */
  static Delta parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException("not a delta file");
      }
      Digest base = TreeFile.readDigest(in);
      int count = in.readInt();
      List<RelativePath> paths = new ArrayList<>(Math.min(count, bytes.length));
      for (int i = 0; i < count; i++) {
        paths.add(RelativePath.of(TreeFile.readBytes(in)));
      }
      return of(base, paths);
    } catch (IOException e) {
      throw new IllegalArgumentException("a delta file is cut short", e);
    }
  }
}
